using System.Text;
using Varve.Archives.Write;
using Varve.Tests.App;
using Varve.Tests.Kit;

namespace Varve.Tests.Archives.Write;

/// <summary>A directory with a tree, and one for archives. The clock goes on by a minute for each archive.</summary>
internal sealed class ArchiveRig : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private int _made;

    public ArchiveRig() => Directory.CreateDirectory(this["to"]);

    public string this[string name] => Path.Combine(_d.Path, name);

    public string Tree => this["tree"];

    public void Dispose() => _d.Dispose();

    /// <summary>What there is in the directory of archives.</summary>
    public string[] Archives =>
        [.. Directory.GetFileSystemEntries(this["to"]).Select(static p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    /// <summary>The options for an archive of the tree.</summary>
    public ArchiveOptions Options(ArchiveFormat format = ArchiveFormat.Zip) => new()
    {
        To = Encoding.UTF8.GetBytes(this["to"]), Paths = [Encoding.UTF8.GetBytes(Tree)], Format = format, Threads = 3, Host = "desk",
        Time = new Later(TimeSpan.FromMinutes(_made++)), SpoolPlace = this["spool"], Note = static n => Assert.Fail(n.ToString()),
    };

    public ArchiveResult Make(ArchiveFormat format = ArchiveFormat.Zip, Func<ArchiveOptions, ArchiveOptions>? with = null)
    {
        ArchiveOptions options = Options(format);
        if (with is not null) { options = with(options); }
        return Within.Run(() => Archiver.Run(options, new ArchiveMonitor(), TestContext.Current.CancellationToken));
    }

    /// <summary>The path of an archive.</summary>
    public static string PathOf(ArchiveResult result) => Encoding.UTF8.GetString(result.Path);

    /// <summary>The clock of the machine, which files are stamped by, and somewhat later.</summary>
    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
