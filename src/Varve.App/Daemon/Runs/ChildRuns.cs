using System.Text;
using Varve.App.Daemon.Watch;
using Varve.App.Host;
using Varve.App.Settings.Values;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Processes;

namespace Varve.App.Daemon.Runs;

/// <summary>
/// Each run is a process of this program: what it may do, how much memory it takes, and that it crashes, stay with it. It has the priority
/// of the thread that begins it.
/// </summary>
internal sealed class ChildRuns(StateDirectory state, Func<string, string?> environment) : IRuns
{
    private readonly byte[][] _program = Program();
    private readonly byte[][] _environment = OwnEnvironment.Bytes(environment);

    public void Clear(Job job) => FilesOf(job).Clear();

    public IRun Begin(Job job, IReadOnlyList<string> more, Action ended)
    {
        if (job.ArchiveRoot is { } root) { MakeArchiveFolder(root, job.Name); }
        RunFiles files = FilesOf(job);
        (SafeFd output, SafeFd errors) = files.Create();
        try
        {
            int end = job.Words.Count > 1 ? 1 : 0; // behind the command
            IReadOnlyList<string> words = [.. job.Words.Take(end), .. more, .. job.Words.Skip(end)];
            int errno = ChildProcess.Start(_program[0], [.. _program[1..], .. words.Select(static w => RawArguments.ToBytes(w))],
                _environment, output.Value, errors.Value, ended, out ChildProcess? child);
            return errno == 0 ? new ChildRun(job, files, child!) : throw new VarveException(ErrorKind.Storage,
                Subject.Program(Encoding.UTF8.GetString(_program[0])), "cannot be run: " + Errno.Message(errno));
        }
        finally
        {
            output.Close();
            errors.Close();
        }
    }

    public IRun Adopt(Job job, RunData run, Action ended) =>
        new AdoptedRun(job, FilesOf(job), new ProcessMark(run.Process, run.Began, run.Boot), ended);

    private RunFiles FilesOf(Job job) => new(state.Runs, RecordFiles<JobData>.Plain(job.Name));

    /// <summary>Only the directory of the source itself: what is above it may be a disk that is not there.</summary>
    private static void MakeArchiveFolder(string root, string name)
    {
        string folder = JobLine.ArchiveFolder(root, name);
        if (Directory.Exists(folder)) { return; }
        int errno = Posix.MakeDirectoryAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(folder), Modes.PrivateDirectory);
        if (errno is 0 or Errno.EEXIST) { return; }
        throw new VarveException(ErrorKind.Storage, Subject.Path(root),
            errno == Errno.ENOENT ? "is to hold the archives, and does not exist" : "is to hold the archives: " + Errno.Message(errno),
            Advice.CheckMount);
    }

    /// <summary>The program that this is, as it was started; an update takes effect with the next run.</summary>
    private static byte[][] Program()
    {
        string path = System.Environment.ProcessPath ?? "/proc/self/exe";
        byte[] program = Encoding.UTF8.GetBytes(path);
        // A build for an editor is started by the host of .NET.
        return Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? [program, Encoding.UTF8.GetBytes(Path.Combine(AppContext.BaseDirectory, "varve.dll"))] : [program];
    }
}
