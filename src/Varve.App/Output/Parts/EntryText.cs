namespace Varve.App.Output.Parts;

/// <summary>Entries in words.</summary>
internal static class EntryText
{
    /// <summary>The path; a slash marks a directory.</summary>
    internal static string Name(byte[] path, EntryKind kind) => Path(path) + (kind == EntryKind.Directory ? "/" : "");

    /// <summary>The path; a dot is the root.</summary>
    internal static string Path(byte[] path) => path.Length == 0 ? "." : NameText.Escape(path);

    /// <summary>What follows the path of a file that never held still.</summary>
    internal static string Mark(bool isTorn) => isTorn ? "  [torn]" : "";
}
