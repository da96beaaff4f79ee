using Varve.Model;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tree;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Vault;

/// <summary>What notes come to, by who said them (docs/format.md, 9.1 and 9.2).</summary>
public sealed class NoteTests
{
    private static readonly WriterIdentity s_full = new(Some.Id(1).Value, KeyLevel.Full, "full"),
        s_laptop = new(Some.Id(2).Value, KeyLevel.Write, "laptop"), s_thief = new(Some.Id(3).Value, KeyLevel.Write, "thief");

    private static readonly Lineage s_own = new(Some.Id(4).Value, s_laptop.Uid), s_stolen = new(Some.Id(4).Value, s_thief.Uid),
        s_other = new(Some.Id(5).Value, s_laptop.Uid);

    private static readonly ObjectName s_snapshot = Some.Name(6);

    [Fact]
    public void A_naming_joins_no_lineages_and_adopts_no_snapshots_whoever_signed_it()
    {
        Note naming = Said(NoteKind.Naming) with { Lineage = s_stolen, Continues = [s_own], Snapshots = [s_snapshot] };
        foreach (WriterIdentity writer in (WriterIdentity[])[s_thief, s_full])
        {
            NoteBook book = Book(Signed(1, naming, writer));
            Assert.Equal(s_own.Id, book.Lineages.Of(s_own));
            Assert.Equal(s_own.Id, book.Lineages.Of(s_snapshot, s_own));
            Assert.Null(book.Lineages.AdopterOf(s_snapshot));
        }
    }

    [Fact]
    public void An_adoption_joins_if_a_full_key_signed_it_and_gives_no_name()
    {
        Note adoption = Said(NoteKind.Adoption) with
        {
            Lineage = s_own,
            Continues = [s_other],
            Snapshots = [s_snapshot],
            Private = new NotePrivate { Name = "new", FormerName = "old" },
        };
        Assert.Equal(s_other.Id, Book(Signed(1, adoption, s_laptop)).Lineages.Of(s_other));
        Assert.Equal(s_other.Id, Book(Signed(1, adoption, null)).Lineages.Of(s_other));
        LineageMap joined = Book(Signed(1, adoption, s_full)).Lineages;
        Assert.Equal((s_own.Id, s_own.Id), (joined.Of(s_other), joined.Of(s_snapshot, s_stolen)));
        Assert.Equal("old", joined.NameOf(s_own.Id, "old"));
    }

    [Fact]
    public void A_note_of_an_unknown_kind_says_nothing_whatever_it_names()
    {
        ObjectName naming = Some.Name(1);
        SignedNote named = Signed(1, Said(NoteKind.Naming) with { Lineage = s_own, Private = Names }, s_laptop);
        Note unknown = Said((NoteKind)100) with
        {
            Lineage = s_own,
            Continues = [s_other],
            Snapshots = [s_snapshot],
            Withdrawn = [naming],
            Private = new NotePrivate { Name = "another", FormerName = "old" },
        };
        NoteBook book = Book(named, Signed(2, unknown, s_full));
        Assert.Equal("new", book.Lineages.NameOf(s_own.Id, "old"));
        Assert.Equal(s_other.Id, book.Lineages.Of(s_other));
        Assert.Null(book.Lineages.AdopterOf(s_snapshot));
        Assert.False(book.IsSettled(s_snapshot, s_laptop.Uid));
    }

    [Fact]
    public void Only_a_withdrawal_that_a_full_key_signed_takes_a_note_back()
    {
        SignedNote named = Signed(1, Said(NoteKind.Naming) with { Lineage = s_own, Private = Names }, s_laptop);
        Note back = Said(NoteKind.Withdrawal) with { Withdrawn = [named.Name] };
        Assert.Equal("new", Book(named, Signed(2, back, s_laptop)).Lineages.NameOf(s_own.Id, "old"));
        Assert.Equal("new", Book(named, Signed(2, back, null)).Lineages.NameOf(s_own.Id, "old"));
        Assert.Equal("old", Book(named, Signed(2, back, s_full)).Lineages.NameOf(s_own.Id, "old"));
        Note other = Said(NoteKind.Pin) with { Withdrawn = [named.Name] };
        Assert.Equal("new", Book(named, Signed(2, other, s_full)).Lineages.NameOf(s_own.Id, "old"));
    }

    [Fact]
    public void A_withdrawal_that_was_withdrawn_itself_takes_nothing_back()
    {
        var notes = new List<SignedNote> { Signed(1, Said(NoteKind.Naming) with { Lineage = s_own, Private = Names }, s_laptop) };
        for (int i = 2; i < 40_000; i++)
        {
            if (i < 6) { Assert.Equal(i % 2 == 0 ? "new" : "old", Book([.. notes]).Lineages.NameOf(s_own.Id, "old")); }
            notes.Add(Signed(i, Said(NoteKind.Withdrawal) with { Withdrawn = [notes[^1].Name] }, s_full));
        }

        // The last one is the 39,998th after the naming.
        Assert.Equal("new", Book([.. notes]).Lineages.NameOf(s_own.Id, "old"));
    }

    [Fact]
    public void A_forgetting_counts_of_what_its_signer_recorded_and_an_acknowledgement_of_a_full_key_alone()
    {
        Note forgotten = Said(NoteKind.Forgetting) with { Snapshots = [s_snapshot] };
        Assert.True(Book(Signed(1, forgotten, s_laptop)).IsSettled(s_snapshot, s_laptop.Uid));
        Assert.False(Book(Signed(1, forgotten, s_thief)).IsSettled(s_snapshot, s_laptop.Uid));
        Assert.False(Book(Signed(1, forgotten, null)).IsSettled(s_snapshot, default));
        Assert.True(Book(Signed(1, forgotten, s_full)).IsSettled(s_snapshot, s_laptop.Uid));
        Note known = Said(NoteKind.Acknowledgement) with { Snapshots = [s_snapshot] };
        Assert.False(Book(Signed(1, known, s_laptop)).IsSettled(s_snapshot, s_laptop.Uid));
        Assert.True(Book(Signed(1, known, s_full)).IsSettled(s_snapshot, s_laptop.Uid));
    }

    private static NotePrivate Names => new() { Name = "new", FormerName = "old" };

    private static Note Said(NoteKind kind) => new() { Kind = kind, At = new FileTime(1_700_000_000, 0) };

    private static SignedNote Signed(int number, Note note, WriterIdentity? writer) =>
        new(Some.Name(number), note, writer is null ? Signature.None : new Signature(SignatureState.Valid, writer));

    private static NoteBook Book(params SignedNote[] notes) => new(notes);
}
