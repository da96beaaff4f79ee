using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>
/// Who may use whom in the library. A use is a using directive of any kind, a name qualified from <c>Varve.</c> on, or one
/// qualified by the bare folder (<c>Pack.PackWriter</c>), which C# finds from inside <c>namespace Varve.X</c> without a directive,
/// or that of a type of the API, whose namespace all are in.
/// </summary>
internal static partial class ImportRule
{
    /// <summary>Every use that the layout does not allow, and every folder that it does not know.</summary>
    public static IEnumerable<Violation> Check(IReadOnlyList<SourceFile> files)
    {
        ILookup<string, string> types = files.Where(f => f.IsLibrary)
            .SelectMany(f => f.TopLevelTypes.Select(t => (Folder: f.Folder!, Type: t)))
            .ToLookup(t => t.Folder, t => t.Type);
        var names = new TypeUses(files.Where(f => f.IsLibrary));
        foreach (SourceFile file in files.Where(f => f.IsLibrary))
        {
            string folder = file.Folder!;
            if (!Known(folder))
            {
                yield return file.At(0, $"folder '{folder}' is not part of the layout");
                continue;
            }

            foreach (Match match in GlobalUsing().Matches(file.Code))
            {
                yield return file.At(match.Index, "a global using hides who imports whom");
            }

            IEnumerable<(int, string)> named = names.Of(file).Select(u => (u.Offset, u.Room.Split('/')[0]));
            foreach ((int offset, string used) in Uses(file, types).Concat(named))
            {
                if (!Allowed(folder, used)) { yield return file.At(offset, $"{folder} uses {used}"); }
            }
        }
    }

    private static bool Known(string folder) =>
        folder is Layout.Model or Layout.Format or Layout.Platform or Layout.Threads || Layout.Stages.Contains(folder)
        || Layout.Wiring.Contains(folder)
        || folder is Layout.Archives or Layout.Service;

    private static bool Allowed(string folder, string used)
    {
        if (used == folder || folder == Layout.Service) { return true; }
        if (used == Layout.Service) { return false; }
        if (folder == Layout.Archives) { return true; }
        if (used == Layout.Archives) { return false; }
        if (Layout.Flows.Contains(used)) { return false; }
        if (Layout.Wiring.Contains(folder)) { return !Layout.Wiring.SkipWhile(w => w != folder).Contains(used); }
        return folder switch
        {
            Layout.Model => false,
            Layout.Format or Layout.Platform or Layout.Threads => used == Layout.Model,
            _ => used is Layout.Model or Layout.Format or Layout.Platform or Layout.Threads,
        };
    }

    private static IEnumerable<(int Offset, string Used)> Uses(SourceFile file, ILookup<string, string> types)
    {
        foreach (Match match in Qualified().Matches(file.Code))
        {
            string name = match.Groups["folder"].Value;
            if (!match.Groups["own"].Success) { yield return (match.Index, name); }
        }

        foreach (Match match in Bare().Matches(file.Code))
        {
            string name = match.Groups["folder"].Value;
            if (types[name].Contains(match.Groups["type"].Value)) { yield return (match.Index, name); }
        }
    }

    // The file's own namespace line is no use.
    [GeneratedRegex(@"(?<own>\bnamespace\s+)?\bVarve\s*\.\s*(?<folder>[A-Z]\w*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<!\.\s*)\b(?<folder>[A-Z]\w*)\s*\.\s*(?<type>[A-Z]\w*)")]
    private static partial Regex Bare();

    [GeneratedRegex(@"\bglobal\s+using\b")]
    private static partial Regex GlobalUsing();
}
