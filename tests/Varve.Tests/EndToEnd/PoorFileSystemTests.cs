using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// Repositories on file systems without hard links, renaming without replacing, owners or modes: exFAT through FUSE, rclone.
/// </summary>
[Trait("Needs", "root")]
public sealed class PoorFileSystemTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly string _mount;
    private string? _loop;

    public PoorFileSystemTests() => _mount = Directory.CreateDirectory(_desk["mount"]).FullName;

    public void Dispose()
    {
        try { Programs.Run("umount", "-l", _mount); }
        catch (IOException) { /* nothing was mounted */ }
        if (_loop is not null) { Programs.Run("losetup", "-d", _loop); }
        _desk.Dispose();
    }

    [Theory]
    [InlineData("exfat")]
    [InlineData("rclone")]
    public void A_repository_is_made_filled_checked_and_restored(string kind)
    {
        Mount(kind);
        string source = _desk.Source();
        string[] at = ["-r", _mount + "/repository", "--key-file", _desk["key"], "--cache-dir", _desk["cache"]];
        _desk.Varve.Succeed(["init", .. at]);
        for (int i = 0; i < 2; i++)
        {
            File.WriteAllText(source + "/changing", $"{i}");
            _desk.Varve.Succeed(["backup", .. at, source]);
        }

        _desk.Varve.Succeed(["check", "--read-data", .. at]);
        _desk.Varve.Succeed(["restore", .. at, "--target", _desk["restored"]]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        Assert.Empty(Directory.GetFileSystemEntries(_mount + "/repository/tmp"));
    }

    [Fact]
    public void A_cache_where_there_are_no_modes_is_used_if_a_directory_above_keeps_others_out_and_refused_else()
    {
        Mount("exfat");
        string[] at = ["-r", _desk["repository"], "--key-file", _desk["key"], "--cache-dir", _mount + "/cache"];
        File.SetUnixFileMode(_desk[""], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _desk.Varve.Succeed(["init", .. at]);
        for (int i = 0; i < 2; i++) { _desk.Varve.Succeed(["backup", .. at, _desk.Source()]); }
        File.SetUnixFileMode(_desk[""], File.GetUnixFileMode(_desk[""]) | UnixFileMode.OtherExecute);
        Assert.Matches("others (than its owner )?may write to", _desk.Varve.Run(["backup", .. at, _desk.Source()]).Expect(1).Error);
    }

    private void Mount(string kind)
    {
        try
        {
            if (kind == "exfat")
            {
                Programs.Run("truncate", "-s", "300M", _desk["image"]);
                Programs.Run("mkfs.exfat", _desk["image"]);
                _loop = Programs.Run("losetup", "-f", "--show", _desk["image"]).Trim();
                Programs.Run("mount.exfat-fuse", _loop, _mount);
            }
            else
            {
                Directory.CreateDirectory(_desk["remote"]);
                Programs.Run(
                    "rclone", "mount", "--config", "/dev/null", "--cache-dir", _desk["rclone"], "--daemon", _desk["remote"], _mount);
            }
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception) { Assert.Skip($"no {kind} here: {e.Message}"); }

        Poll.Until(() => Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(_mount), out EntryStat stat) == 0
            && Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(_desk[""]), out EntryStat above) == 0
            && stat.Device != above.Device, "the file system is mounted");
    }
}
