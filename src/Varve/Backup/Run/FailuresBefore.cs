using System.Collections.Concurrent;
using System.Text;
using Varve.Model;
using Varve.Model.Changes;

namespace Varve.Backup.Run;

/// <summary>What had failed when directories began to be visited again, and which of it failed once more. Thread-safe.</summary>
internal sealed class FailuresBefore
{
    private readonly ConcurrentDictionary<(string, FailedOperation), bool> _isAgain = [];
    private readonly HashSet<string> _paths = [];

    /// <param name="failures">Those that are kept.</param>
    internal FailuresBefore(IReadOnlyList<Failure> failures)
    {
        foreach (Failure failure in failures)
        {
            _isAgain[KeyOf(failure)] = false;
            _paths.Add(Text(failure.Path));
        }
    }

    /// <summary>Whether the same had failed at the same path. If so, it has failed again.</summary>
    internal bool Repeats(Failure failure)
    {
        (string, FailedOperation) key = KeyOf(failure);
        if (!_isAgain.ContainsKey(key)) { return false; }
        _isAgain[key] = true;
        return true;
    }

    /// <summary>Whether a failure is of before and has not come again.</summary>
    internal bool IsPast(Failure failure) => _isAgain.TryGetValue(KeyOf(failure), out bool isAgain) && !isAgain;

    /// <summary>Whether anything had failed at a path.</summary>
    internal bool HasAt(byte[] path) => _paths.Count > 0 && _paths.Contains(Text(path));

    private static (string, FailedOperation) KeyOf(Failure failure) => (Text(failure.Path), failure.Operation);

    private static string Text(byte[] path) => Encoding.Latin1.GetString(path);
}
