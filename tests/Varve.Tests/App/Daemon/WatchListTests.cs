using System.Text;
using Varve.App.Daemon.Watch;
using Varve.App.Settings.Configuration;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Daemon;

/// <summary>The list of what is protected, as it lies on the disk.</summary>
public sealed class WatchListTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly StateDirectory _state;

    public WatchListTests() => _state = StateDirectory.Open(Path.Combine(_d.Path, "state"));

    public void Dispose()
    {
        _state.Dispose();
        _d.Dispose();
    }

    [Fact]
    public void What_is_put_on_the_list_is_read_from_it_again()
    {
        WatchedSource bytes = Source("bytes", [(byte)'/', 0xFF, (byte)'\n']), plain = Source("Documents é", "/home/me"u8.ToArray()) with
        {
            Schedule = new ScheduleConfig
            {
                Cron = "0 3 * * *", Window = new(60, 120), Continuous = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2)),
            },
            Target = new TargetConfig { Archive = "/mnt/archives", Keep = 3 },
            AlertAfter = TimeSpan.FromDays(2),
        };
        Assert.Null(_state.Watched.Put(bytes));
        Assert.Null(_state.Watched.Put(plain));
        (IReadOnlyList<WatchedSource> sources, IReadOnlyList<VarveException> wrong) = _state.Watched.Read();
        Assert.Empty(wrong);
        Assert.Equal(["Documents é", "bytes"], sources.Select(static s => s.Name));
        Assert.Equal(bytes.Path, sources[1].Path);
        Assert.Equal((plain.Schedule, plain.Target, plain.AlertAfter), (sources[0].Schedule, sources[0].Target, sources[0].AlertAfter));
    }

    [Fact]
    public void A_record_that_is_none_is_named_and_the_others_are_read()
    {
        foreach (string name in (string[])["a", "b", "c"]) { _state.Watched.Put(Source(name, Encoding.UTF8.GetBytes("/" + name))); }
        foreach (string damage in (string[])["", "{", "[]", "null", "{\"name\":\"b\"}", "{\"name\":5}", "{\"name\":\"b\",\"path\":\"b\",\"every\":\"1h\"}",
            "{\"name\":\"b\",\"path\":\"/b\",\"every\":\"never\"}", "{\"name\":\"other\",\"path\":\"/b\",\"every\":\"1h\"}", "\0\0\0\0"])
        {
            File.WriteAllText(Path.Combine(_state.Path, "sources/b.json"), damage);
            (IReadOnlyList<WatchedSource> sources, IReadOnlyList<VarveException> wrong) = _state.Watched.Read();
            Assert.Equal(["a", "c"], sources.Select(static s => s.Name));
            Assert.Contains("sources/b.json", Assert.Single(wrong).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_has_one_path_and_a_path_one_name()
    {
        _state.Watched.Put(Source("a", "/a"u8.ToArray()));
        Assert.Throws<VarveException>(() => _state.Watched.Put(Source("a", "/b"u8.ToArray())));
        Assert.Equal("a", _state.Watched.Put(Source("b", "/a"u8.ToArray()))!.Name);
        Assert.Equal(["b"], _state.Watched.Read().Sources.Select(static s => s.Name));
        Assert.Null(_state.Watched.Remove("a", "/b"u8));
        Assert.Equal("b", _state.Watched.Remove("x", "/a"u8)!.Name);
        Assert.Empty(_state.Watched.Read().Sources);
    }

    [Fact]
    public void Names_that_only_differ_in_what_files_cannot_be_called_have_files_of_their_own()
    {
        string[] names = ["a b", "a%20b", "a_b", "ä", "A B", new string('x', 90) + "é", new string('x', 90) + "è", "con", "a.b"];
        Assert.Distinct(names.Select(RecordFiles<WatchData>.FileOf));
        Assert.All(names, static n => Assert.InRange(RecordFiles<WatchData>.FileOf(n).Length, 1, 200));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("-o")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a\nb")]
    public void What_could_be_taken_for_something_else_is_no_name(string name) =>
        Assert.Throws<VarveException>(() => WatchList.CheckName(name));

    [Fact]
    public void The_records_are_for_their_owner_alone()
    {
        _state.Watched.Put(Source("a", "/a"u8.ToArray()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_state.Path, "sources/a.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(_state.Path, "sources")));
    }

    private static WatchedSource Source(string name, byte[] path) => new()
    {
        Name = name, Path = path, Schedule = new ScheduleConfig { Every = TimeSpan.FromMinutes(90) }, Target = new TargetConfig(),
    };
}
