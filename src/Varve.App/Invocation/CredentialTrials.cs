using Varve.App.Settings.Resolved;
using Varve.App.Settings.Values;

namespace Varve.App.Invocation;

/// <summary>
/// Credentials that nobody named for this command, tried one after the other: what the environment has may be meant for another
/// repository, and keeps nothing else from being tried. Not thread-safe.
/// </summary>
internal sealed class CredentialTrials
{
    private readonly List<VarveException> _errors = [];
    private readonly List<string> _failures = [];

    /// <summary>What was tried, and what it did.</summary>
    internal IReadOnlyList<string> Failures => _failures;

    /// <summary>The repository that it opens; null if it opens none, which is kept. What is wrong with the repository is thrown.</summary>
    internal Repository? Try(CredentialSource source, Action<Notice> warn, Func<Credentials, Repository> open)
    {
        Credentials credentials;
        try { credentials = CredentialReader.Read(source, warn); }
        catch (VarveException e) { return Keep(source, e); }

        try { return open(credentials); }
        catch (VarveException e) when (e.Kind == ErrorKind.WrongKey || e.Subject.Kind == SubjectKind.KeyFile) { return Keep(source, e); }
    }

    /// <summary>
    /// The error when nothing opened it and nobody can be asked. What is wrong with the only file that was tried is that error: its advice
    /// is about the file.
    /// </summary>
    internal VarveException Failed(string repository) => _errors is [{ Subject.Kind: not SubjectKind.Repository } file] ? file
        : _errors.Count == 0
        ? new VarveException(ErrorKind.WrongKey, Subject.Repository(repository), "is opened by no password or key file that is given",
            Advice.GiveKey)
        : new VarveException(ErrorKind.WrongKey, Subject.Repository(repository), $"is not opened: {string.Join("; ", _failures)}",
            _errors is [{ Advice: not Advice.None } only] ? only.Advice : Advice.GiveKey);

    private Repository? Keep(CredentialSource source, VarveException error)
    {
        _errors.Add(error);
        bool opensNone = error.Kind == ErrorKind.WrongKey && error.Subject.Kind == SubjectKind.Repository;
        _failures.Add(source.Origin + (opensNone ? " opens no key slot" : $": {error.Message}"));
        return null;
    }
}
