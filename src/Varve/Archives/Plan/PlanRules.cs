using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Archives.Plan;

/// <summary>
/// Which names of lists a plan leaves out: rules of paths, as a backup has them, seen from the root of all, and what directories they leave
/// out contain; sizes and times. Not thread-safe.
/// </summary>
internal sealed class PlanRules
{
    private static readonly byte[] s_root = "/"u8.ToArray();

    private readonly RuleSet _rules;
    private readonly RulePaths _paths = new(s_root, s_root);
    private byte[] _directory = [];
    private int _length = -1;
    private bool _isOut;

    /// <param name="rules">Those of paths.</param>
    internal PlanRules(IReadOnlyList<ExcludeRule> rules) => _rules = new RuleSet(rules, s_root);

    /// <summary>Files that are larger are left out; null: none are.</summary>
    internal long? LargerThan { get; init; }

    /// <summary>What was changed before is left out; null: nothing is.</summary>
    internal FileTime? OlderThan { get; init; }

    /// <summary>What was changed since is left out; null: nothing is.</summary>
    internal FileTime? NewerThan { get; init; }

    /// <summary>Whether something is left out by its size or time.</summary>
    internal bool Drops(long size, FileTime? time) => size > LargerThan || time < OlderThan || time > NewerThan;

    /// <summary>Whether a name is left out, or a directory above it.</summary>
    internal bool Excludes(ReadOnlySpan<byte> name)
    {
        if (_rules.IsEmpty) { return false; }
        ReadOnlySpan<byte> path = name.Trim((byte)'/');
        if (path.IsEmpty) { return false; }
        int slash = path.LastIndexOf((byte)'/');
        return (slash > 0 && IsOut(path[..slash])) || IsExcluded(path, isDirectory: false);
    }

    /// <summary>Whether a directory is left out; the last answer is kept, as lists come directory by directory.</summary>
    private bool IsOut(ReadOnlySpan<byte> directory)
    {
        if (_length == directory.Length && _directory.AsSpan(0, _length).SequenceEqual(directory)) { return _isOut; }
        bool isOut = false;
        for (int end = 0; end < directory.Length && !isOut;)
        {
            int slash = directory[(end + 1)..].IndexOf((byte)'/');
            end = slash < 0 ? directory.Length : end + 1 + slash;
            isOut = IsExcluded(directory[..end], isDirectory: true);
        }

        if (_directory.Length < directory.Length) { _directory = new byte[directory.Length * 2]; }
        directory.CopyTo(_directory);
        (_length, _isOut) = (directory.Length, isOut);
        return isOut;
    }

    private bool IsExcluded(ReadOnlySpan<byte> path, bool isDirectory) => _rules.Excludes(path, isDirectory, _paths);
}
