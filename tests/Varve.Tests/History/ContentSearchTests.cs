using System.Text;
using Varve.History.Content;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Tests.History;

/// <summary>Which contents of a file have a line; and which files of snapshots have the content of one.</summary>
public sealed class ContentSearchTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Each_content_of_a_file_is_searched_once_across_its_names()
    {
        Write("notes", "one\ntwo\n");
        Make();
        File.SetUnixFileMode(At("notes"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Make();
        File.Move(At("notes"), At("renamed"));
        Make();
        Write("renamed", "one and more\nthree\none");
        Make();
        Write("renamed", "nothing");
        Make();
        Assert.Equal(["notes:1:one", "renamed:1:one and more", "renamed:3:one"], Search("renamed", "one"));
        Assert.Equal(["notes:1:one", "renamed:1:one and more", "renamed:3:one"], Search("notes", "one"));
        Assert.Empty(Search("renamed", "four"));
        VarveException error = Assert.Throws<VarveException>(() => Search("never", "one"));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public void Files_with_the_same_content_are_found_however_they_are_stored()
    {
        byte[] large = Desk.Bytes(3, 9_000_000);
        File.WriteAllBytes(At("large"), large);
        Write("small", "small");
        Write("other", "other");
        Write("empty", "");
        Directory.CreateDirectory(At("dir"));
        File.WriteAllBytes(At("dir/grown"), large[..5_000_000]);
        Make();
        // A delta refers to parts of old chunks.
        File.WriteAllBytes(At("dir/grown"), [.. large[..1_000_000], .. "between"u8, .. large[1_000_000..]]);
        Make();
        File.WriteAllBytes(At("dir/grown"), large);
        Make();
        File.Delete(At("small"));
        Make();
        Assert.Equal(["dir/grown", "large"], Same(large));
        Assert.Equal(["dir/grown"], Same(large[..5_000_000]));
        Assert.Equal(["small"], Same("small"u8.ToArray()));
        Assert.Equal(["empty"], Same([]));
        Assert.Empty(Same("SMALL"u8.ToArray()));
        large[^1] ^= 1;
        Assert.Empty(Same(large));
        VarveException error = Assert.Throws<VarveException>(() => Find(_rig["nowhere"]));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        error = Assert.Throws<VarveException>(() => Find(_rig.Source));
        Assert.Equal(ErrorKind.Usage, error.Kind);
    }

    private string[] Same(byte[] content)
    {
        File.WriteAllBytes(_rig["wanted"], content);
        return Find(_rig["wanted"]);
    }

    private string[] Find(string file)
    {
        var found = new List<string>();
        using Repository repository = _rig.Open();
        repository.FindRevisions("*", new RevisionConditions { SameAs = Encoding.UTF8.GetBytes(file) },
            r => found.Add(Encoding.UTF8.GetString(r.Path)), false, new SourceFilter(), TestContext.Current.CancellationToken);
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private string[] Search(string path, string text)
    {
        var found = new List<string>();
        using Repository repository = _rig.Open();
        repository.SearchContent(Encoding.UTF8.GetBytes(path), new SourceFilter(), new LineMatcher(Encoding.UTF8.GetBytes(text)),
            m => found.Add($"{Encoding.UTF8.GetString(m.Revision.Revision.Path)}:{m.Line}:{Encoding.UTF8.GetString(m.Text)}"),
            static e => throw e, TestContext.Current.CancellationToken);
        return [.. found];
    }

    private string At(string name) => Path.Combine(_rig.Source, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private void Make()
    {
        FileClock.Settle();
        Assert.Equal(0, _rig.Backup().FailureCount);
    }
}
