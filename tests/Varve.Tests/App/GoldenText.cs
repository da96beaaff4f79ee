using System.Text;
using System.Text.RegularExpressions;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.App;

/// <summary>
/// A text that must stay as it was recorded, less what differs from run to run and from machine to machine. With VARVE_WRITE_GOLDEN=1 the
/// recorded text is replaced: for a change that is wanted, to be read in the diff.
/// </summary>
internal static partial class GoldenText
{
    internal static void Assert(string name, string text)
    {
        string path = Path.Combine(VarveProcess.Clone, "tests/Varve.Tests/App/Golden", name);
        if (Environment.GetEnvironmentVariable("VARVE_WRITE_GOLDEN") == "1") { File.WriteAllText(path, text, new UTF8Encoding(false)); }
        Xunit.Assert.Equal(File.ReadAllText(path), text);
    }

    /// <summary>
    /// Names of objects, times, places, machine and user, sizes that depend on random bytes, and messages replaced by words.
    /// </summary>
    internal static string Normalise(string json, string directory)
    {
        json = json.Replace(directory, "<dir>", StringComparison.Ordinal);
        json = Id().Replace(json, "<id>");
        json = Prefix().Replace(json, "/xx/<id>");
        json = Time().Replace(json, "<time>");
        json = Text().Replace(json, "\"$1\":\"<text>\"");
        json = DefaultLabel().Replace(json, "\"label\":\"<text>\"");
        json = CatalogSize().Replace(json, "\"bytes\":#,$1");
        return Number().Replace(json, "\"$1\":#");
    }

    [GeneratedRegex("[0-9a-f]{64}|[0-9a-f]{32}")]
    private static partial Regex Id();

    [GeneratedRegex("/[0-9a-f]{2}/<id>")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{9})?Z")]
    private static partial Regex Time();

    [GeneratedRegex("\"(host|user|group|program|message|hint|problem|affects)\":\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex("\"label\":\"[^\"]*@[^\"]*\"")]
    private static partial Regex DefaultLabel();

    [GeneratedRegex(@"""bytes"":\d+,(""snapshotsKnown""|""seconds"")")]
    private static partial Regex CatalogSize();

    [GeneratedRegex(@"""(uid|gid|inode|seconds|dataBytes|metaBytes|indexBytes|rawBytes|storedBytes|bytesRead|bytesAdded|bytesStored|chunks)"":-?[\d.eE+-]+")]
    private static partial Regex Number();
}
