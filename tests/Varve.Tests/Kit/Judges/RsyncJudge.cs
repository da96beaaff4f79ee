namespace Varve.Tests.Kit.Judges;

/// <summary>
/// What rsync, which knows nothing of us, would still change in a restored tree. It does not look at: holes, attribute flags and paths
/// beyond PATH_MAX: <see cref="TreeCompare"/> does.
/// </summary>
internal static class RsyncJudge
{
    /// <summary>Whether rsync is installed.</summary>
    public static bool IsAvailable => File.Exists("/usr/bin/rsync") || File.Exists("/usr/local/bin/rsync");

    /// <summary>rsync's list of differences; empty when the trees are equal. A modify window of -1 means nanoseconds count.</summary>
    public static string Compare(string original, string restored) =>
        Programs.Run("rsync", "-aHAXSn", "--modify-window=-1", "--delete", "--checksum", "--itemize-changes", original.TrimEnd('/') + "/",
        restored.TrimEnd('/') + "/");
}
