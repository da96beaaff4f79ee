namespace Varve.App.Settings.Values;

/// <summary>The words for kinds of entries.</summary>
internal static class EntryKinds
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["file", "directory", "symlink", "fifo", "socket", "device"];

    /// <summary>The kinds that a word stands for.</summary>
    internal static IReadOnlyList<EntryKind> Parse(string text, string origin) => text switch
    {
        "file" or "f" => [EntryKind.File],
        "directory" or "d" => [EntryKind.Directory],
        "symlink" or "l" => [EntryKind.Symlink],
        "fifo" => [EntryKind.Fifo],
        "socket" => [EntryKind.Socket],
        "device" => [EntryKind.CharDevice, EntryKind.BlockDevice],
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}"),
    };
}
