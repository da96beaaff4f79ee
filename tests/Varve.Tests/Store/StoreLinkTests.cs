using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Platform;
using Varve.Vault;

namespace Varve.Tests.Store;

/// <summary>
/// Storage that has no key makes nobody read, write or delete files elsewhere: nothing below a store's root follows a symlink.
/// </summary>
public sealed class StoreLinkTests : IDisposable
{
    // A name that a temporary file of ours could bear.
    private const string Like = "0123456789abcdef0123456789abcdef";

    private readonly ScratchDirectory _scratch = new();
    private readonly LocalStore _store;
    private readonly string _outside;

    public StoreLinkTests()
    {
        _store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        _outside = Directory.CreateDirectory(Path.Combine(_scratch.Path, "outside")).FullName;
        File.WriteAllText(Path.Combine(_outside, "id_rsa"), "secret");
        File.WriteAllText(Path.Combine(_outside, Like), "secret");
        _store.Put("packs/ab/x", "x"u8);
        _store.Replace("sessions/1", "x"u8);
    }

    public void Dispose()
    {
        _store.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_tmp_that_leads_elsewhere_loses_nobody_a_file()
    {
        Lead("tmp");
        Refused(() => _store.CleanUp());
        Refused(() => _store.Put("index/a", "x"u8));
        Refused(() => _store.Stage());
        Refused(() => _store.Replace("sessions/1", "y"u8));
        Untouched();
    }

    [Fact]
    public void Sessions_that_lead_elsewhere_lose_nobody_a_file()
    {
        Lead("sessions");
        Refused(() => _store.Replace("sessions/id_rsa", "y"u8));
        Refused(() => _store.Delete("sessions/id_rsa"));
        Refused(() => _store.List("sessions/").Count());
        Refused(() => _store.Get("sessions/id_rsa", 100));
        Refused(() => _store.TryGetLength("sessions/id_rsa", out _));
        Untouched();
    }

    [Theory]
    [InlineData("packs")]
    [InlineData("tmp")]
    [InlineData("snapshots")]
    [InlineData("sessions")]
    public void A_repository_with_such_a_link_is_refused_with_a_remedy(string directory)
    {
        Lead(directory);
        VarveException e = Refused(() => Repository.Exists(new RepositoryLocation(_store.Description)));
        Assert.Equal(Subject.Object(directory, _store.Description), e.Subject);
    }

    [Fact]
    public void A_directory_within_that_is_a_link_is_damage_and_the_rest_is_read()
    {
        _store.Put("packs/cd/y", "y"u8);
        Lead("packs/ab");
        var unreadable = new List<VarveException>();
        Assert.Equal(["packs/cd/y", "sessions/1"], _store.List("", unreadable.Add).Select(static o => o.Key).Order());
        VarveException e = Assert.Single(unreadable);
        Assert.Equal((ErrorKind.Damaged, Advice.MendLink, "packs/ab"), (e.Kind, e.Advice, e.Subject.Name));
        e = Assert.Throws<VarveException>(() => _store.Get("packs/ab/id_rsa", 100));
        Assert.Equal((ErrorKind.Damaged, Advice.MendLink), (e.Kind, e.Advice));
        Refused(() => _store.Put("packs/ab/id_rsa", "y"u8));
        Refused(() => _store.Delete("packs/ab/id_rsa"));
        Untouched();
    }

    [Fact]
    public void An_object_that_is_a_link_is_listed_and_is_damage()
    {
        const string Key = "packs/ab/" + Like + Like;
        File.CreateSymbolicLink(Path.Combine(_store.Description, Key), Path.Combine(_outside, "id_rsa"));
        Assert.Contains(new StoreObject(Key, 0), _store.List(""));
        foreach (Action read in (Action[])[() => _store.Get(Key, 100), () => _store.GetRange(Key, 0, new byte[1]),
            () => _store.TryGetLength(Key, out _)])
        {
            VarveException e = Assert.Throws<VarveException>(read);
            Assert.Equal((ErrorKind.Damaged, Advice.MendLink), (e.Kind, e.Advice));
        }

        Assert.True(_store.Delete(Key));
        Untouched();
    }

    [Fact]
    public void A_directory_that_becomes_a_link_while_an_object_is_put_gets_nothing_elsewhere()
    {
        string ab = Path.Combine(_store.Description, "packs", "ab"), moved = Path.Combine(_store.Description, "packs", "moved");
        using (new SystemCallWatch((call, _, _) =>
        {
            if (call == SystemCall.Rename)
            {
                Directory.Move(ab, moved);
                File.CreateSymbolicLink(ab, _outside);
            }

            return 0;
        }))
        {
            _store.Put("packs/ab/new", "x"u8);
        }

        Assert.True(File.Exists(Path.Combine(moved, "new")));
        Untouched();
    }

    [Fact]
    public void Cleaning_up_leaves_all_that_no_writer_of_ours_left()
    {
        string tmp = Path.Combine(_store.Description, "tmp");
        string Name(char c) => Path.Combine(tmp, new string(c, 32));
        File.WriteAllText(Path.Combine(tmp, "id_rsa"), "a name that we do not make");
        File.WriteAllText(Path.Combine(tmp, Like.ToUpperInvariant()), "nor this");
        File.CreateSymbolicLink(Name('a'), Path.Combine(_outside, "id_rsa"));
        Directory.CreateDirectory(Name('b'));
        Programs.Run("mkfifo", Name('c'));
        File.WriteAllText(Name('d'), "two names");
        Programs.Run("ln", Name('d'), Path.Combine(_outside, "linked"));
        File.WriteAllText(Name('e'), "left");
        Assert.Equal(1, _store.CleanUp());
        Assert.Equal(6, Directory.GetFileSystemEntries(tmp).Length);
        Assert.False(File.Exists(Name('e')));
        File.Delete(Path.Combine(_outside, "linked"));
        Untouched();
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Cleaning_up_leaves_the_files_of_others()
    {
        string file = Path.Combine(_store.Description, "tmp", Like);
        File.WriteAllText(file, "somebody else's");
        Programs.Run("chown", "65534", file);
        Assert.Equal(0, _store.CleanUp());
        Programs.Run("chown", "0", file);
        Assert.Equal(1, _store.CleanUp());
    }

    private void Lead(string directory)
    {
        string path = Path.Combine(_store.Description, directory);
        Programs.Run("rm", "-rf", path);
        File.CreateSymbolicLink(path, _outside);
    }

    private static VarveException Refused(Action action)
    {
        VarveException e = Assert.Throws<VarveException>(action);
        Assert.Equal((ErrorKind.Storage, Advice.MendLink), (e.Kind, e.Advice));
        return e;
    }

    private static VarveException Refused<T>(Func<T> action) => Refused(() => { _ = action(); });

    private void Untouched() => Assert.Equal([Like, "id_rsa"],
        Directory.GetFileSystemEntries(_outside).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
