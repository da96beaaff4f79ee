using Varve.Delta;
using Varve.Model;
using Varve.Tests.Kit;

namespace Varve.Tests.Delta;

public sealed class SignatureStoreTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly DeltaKeys _keys = new(new byte[32]);

    public void Dispose() => _scratch.Dispose();

    private string Folder => Path.Combine(_scratch.Path, "deltas");

    [Fact]
    public void What_is_written_is_read()
    {
        using var store = new SignatureStore(Folder, _keys, 1 << 20);
        using (SignatureWriter writer = Put(store, "a", 100)) { Assert.False(File.Exists(Path.Combine(Folder, writer.Name))); }
        using SignatureReader read = store.Open("a")!;
        Assert.Equal((100 * 4096, 4096), (read.Size, read.CellSize));
        var extents = new List<MappedExtent>();
        Assert.True(read.TryResolve(4096 * 10, 4096 * 20, extents));
        Assert.Equal(4096 * 20, extents.Sum(e => e.Extent.Length));
        Assert.False(read.TryResolve(0, (100 * 4096) + 1, extents));
    }

    [Fact]
    public void The_oldest_go_when_the_limit_is_reached()
    {
        using var store = new SignatureStore(Folder, _keys, 20_000);
        for (int i = 0; i < 8; i++)
        {
            Put(store, $"s{i}", 200).Dispose(); // 6 kB each
            File.SetLastWriteTimeUtc(Path.Combine(Folder, $"s{i}.sig"), DateTime.UnixEpoch.AddDays(i));
        }

        Assert.Equal(["s5.sig", "s6.sig", "s7.sig"], Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_signature_that_is_moved_takes_the_place_of_another_and_its_room()
    {
        using var store = new SignatureStore(Folder, _keys, 20_000);
        Put(store, "a", 200).Dispose(); // 6 kB each
        Put(store, "b", 210).Dispose();
        store.Move("a", "b");
        store.Move("a", "b"); // there is none any more
        using (SignatureReader moved = store.Open("b")!) { Assert.Equal(200 * 4096, moved.Size); }
        Assert.Null(store.Open("a"));
        Put(store, "c", 200).Dispose();
        Put(store, "d", 200).Dispose();
        Assert.Equal(["b.sig", "c.sig", "d.sig"], Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_signature_that_the_limit_has_no_room_for_is_not_begun_and_one_that_grew_beyond_it_not_kept()
    {
        using var store = new SignatureStore(Folder, _keys, 20_000);
        Assert.Null(store.Create(4096L * 1000, 4096));
        Put(store, "a", 2000, announced: 1).Dispose();
        Assert.Empty(Directory.EnumerateFiles(Folder));
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_and_what_a_running_one_writes_is_not()
    {
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string left = Path.Combine(Folder, "left.tmp"), alive;
        File.WriteAllText(left, "half");
        using (SignatureWriter other = new SignatureStore(Folder, _keys, 1 << 20).Create(1, 4096)!)
        {
            alive = Path.Combine(Folder, other.Name);
            Put(new SignatureStore(Folder, _keys, 1 << 20), "a", 10).Dispose();
            Assert.False(File.Exists(left));
            Assert.True(File.Exists(alive));
        }

        Assert.False(File.Exists(alive)); // not kept
    }

    [Fact]
    public void A_signature_of_another_repository_is_as_good_as_none()
    {
        using var store = new SignatureStore(Folder, _keys, 1 << 20);
        Put(store, "a", 10).Dispose();
        byte[] other = new byte[32];
        other[0] = 1;
        Assert.Null(new SignatureStore(Folder, new DeltaKeys(other), 1 << 20).Open("a"));
    }

    [Fact]
    public void Names_tell_sources_and_paths_apart_and_show_neither()
    {
        using var store = new SignatureStore(Folder, _keys, 1);
        byte[] source = new byte[32];
        string name = store.NameOf(new Bytes32(source), "path"u8);
        source[5] = 1;
        Assert.Equal(3, new[] { name, store.NameOf(new Bytes32(source), "path"u8), store.NameOf(default, "path2"u8) }.Distinct().Count());
        Assert.Equal(64, name.Length);
    }

    private SignatureWriter Put(SignatureStore store, string name, int cells, long? announced = null)
    {
        SignatureWriter writer = store.Create(announced ?? cells * 4096L, 4096)!;
        using var hasher = new CellHasher(_keys);
        writer.AddRun(hasher, 0, new byte[cells * 4096]);
        writer.Add(new Extent(new ChunkId(Enumerable.Repeat((byte)7, 32).ToArray()), 0, cells * 4096), (uint)cells * 4096);
        store.Keep(writer, name);
        return writer;
    }
}
