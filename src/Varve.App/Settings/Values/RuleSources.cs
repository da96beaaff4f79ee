using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Platform;

namespace Varve.App.Settings.Values;

/// <summary>Rules as they are given: single ones, and files of them.</summary>
internal static class RuleSources
{
    /// <summary>A rule that makes sense.</summary>
    internal static string Rule(string text, string origin)
    {
        _ = origin;
        RuleText.Check(text);
        return text;
    }

    /// <summary>The rule that keeps what another would leave out.</summary>
    internal static string Including(string rule) => rule.StartsWith('!') ? rule : "!" + rule;

    /// <summary>
    /// A rule as it is meant on a command line: one that begins with <c>./</c> or <c>../</c> begins where that was typed.
    /// </summary>
    internal static string FromHere(string rule) => rule.StartsWith('!') ? "!" + Texts.FromHere(rule[1..]) : Texts.FromHere(rule);

    /// <summary>A file of rules: its path, which <paramref name="pathOf"/> makes absolute, behind what all its lines are.</summary>
    internal static string FileOf(string typed, Func<string, string> pathOf)
    {
        (string prefix, string path) = Parts(typed);
        return prefix + pathOf(path);
    }

    /// <summary>The rules of such a file.</summary>
    /// <exception cref="VarveException">Usage, with file, line and column: one is not valid. Usage: it cannot be read.</exception>
    internal static IReadOnlyList<ExcludeRule> Read(string file, RuleOrigin origin)
    {
        (string prefix, string path) = Parts(file);
        RuleKind kind = prefix.Length == 0 ? RuleKind.Glob : prefix == RuleText.ActualPrefix ? RuleKind.ActualPath : RuleKind.CanonicalPath;
        byte[] text;
        try { text = File.ReadAllBytes(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(path), $"the rules cannot be read: {Errno.Message(e)}",
                Advice.CheckPath, e);
        }

        return RuleFile.Read(text, path, origin, kind);
    }

    private static (string Prefix, string Path) Parts(string file)
    {
        foreach (string prefix in (string[])[RuleText.ActualPrefix, RuleText.CanonicalPrefix])
        {
            if (file.StartsWith(prefix, StringComparison.Ordinal)) { return (prefix, file[prefix.Length..]); }
        }

        return ("", file);
    }
}
