using System.Globalization;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Processes;

namespace Varve.Store.Lines;

/// <summary>
/// Lines through the system's ssh, whose configuration, agents and jump hosts work as for anything else. It asks nobody: what it would ask
/// is an error. Thread-safe.
/// </summary>
internal sealed class SshLine : IStoreLine
{
    private readonly SshAddress _address;
    private readonly string[] _command;
    private readonly string? _served;
    private readonly IReadOnlyList<string> _directories;
    private readonly LineLimits _limits;

    /// <summary>For a store at an address.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="command">ssh, or another program that takes its arguments, and arguments of its own.</param>
    /// <param name="served">What is run there, in front of the path; nothing where SFTP is spoken.</param>
    /// <param name="directories">Where programs are looked for first.</param>
    /// <param name="limits">What it may take of the network.</param>
    internal SshLine(SshAddress address, string command, string? served, IReadOnlyList<string> directories, LineLimits limits)
    {
        (_address, _served, _directories, _limits) = (address, served, directories, limits);
        _command = Words(command);
        if (_command.Length == 0) { throw new VarveException(ErrorKind.Usage, Subject.Request("the command for ssh"), "is empty"); }
    }

    /// <inheritdoc/>
    public string Host => _address.Place;

    /// <summary>The words of a command: parted by blanks, unless they stand in quotes.</summary>
    internal static string[] Words(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char quote = '\0';
        foreach (char c in text)
        {
            if (quote != '\0' ? c == quote : c is '\'' or '"') { (quote, word) = (quote == '\0' ? c : '\0', word ?? new StringBuilder()); }
            else if (quote == '\0' && c is ' ' or '\t')
            {
                if (word is not null) { words.Add(word.ToString()); }
                word = null;
            }
            else { (word ??= new StringBuilder()).Append(c); }
        }

        if (word is not null) { words.Add(word.ToString()); }
        return [.. words];
    }

    /// <inheritdoc/>
    public IOpenLine Open()
    {
        byte[] program = Encoding.UTF8.GetBytes(Find(_command[0]));
        List<byte[]> arguments = [.. _command[1..].Select(Encoding.UTF8.GetBytes), "-T"u8.ToArray(), "-o"u8.ToArray(),
            "BatchMode=yes"u8.ToArray()];
        void Add(string option, string value) => arguments.AddRange([Encoding.UTF8.GetBytes(option), Encoding.Latin1.GetBytes(value)]);
        if (_address.Port != 0) { Add("-p", _address.Port.ToString(CultureInfo.InvariantCulture)); }
        if (_address.User is { } user) { Add("-l", user); }
        if (_address.IsSftp)
        {
            // Nothing else tells that the other side is gone: SFTP has no question that costs nothing.
            Add("-o", "ServerAliveInterval=20");
            Add("-o", "ServerAliveCountMax=3");
            arguments.Add("-s"u8.ToArray());
        }

        Add("--", _address.Host);
        arguments.Add(_address.IsSftp ? "sftp"u8.ToArray() : Encoding.Latin1.GetBytes($"{_served} {_address.QuotedPath}"));

        Pipe? input = null, output = null, errors = null;
        try
        {
            int errno = Pipe.Open(out input);
            if (errno == 0) { errno = Pipe.Open(out output); }
            if (errno == 0) { errno = Pipe.Open(out errors); }
            ChildProcess? child = null;
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (errno == 0)
            {
                errno = ChildProcess.Start(program, arguments, Variables(), output!.Writing, errors!.Writing,
                    () => ended.TrySetResult(), out child, input!.Reading);
            }

            if (errno != 0)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Program(_command[0]), $"cannot be started: {Errno.Message(errno)}");
            }

            var bytes = new PumpedLine(output!.TakeReading(), input!.TakeWriting(), _limits);
            return new SshProcess(_address, child!, ended.Task, bytes, errors!.TakeReading());
        }
        finally
        {
            input?.Dispose();
            output?.Dispose();
            errors?.Dispose();
        }
    }

    private string Find(string name) => name.Contains('/') ? name : ProgramPath.Find(name, _directories)
        ?? throw new VarveException(ErrorKind.Storage, Subject.Program(name), "is not installed, or not in the PATH", Advice.InstallSsh);

    /// <summary>
    /// What ssh gets of this process's environment: agents, its home directory and its configuration are found by that. No program that is
    /// started has passwords, or the token for a server.
    /// </summary>
    private static byte[][] Variables() => [.. OwnEnvironment.Bytes(Environment.GetEnvironmentVariable).Where(static v =>
        v.AsSpan(0, Math.Max(0, v.IndexOf((byte)'='))) is var name && name.IndexOf("PASSWORD"u8) < 0 && !name.SequenceEqual("VARVE_TOKEN"u8))];
}
