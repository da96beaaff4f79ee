using System.Collections.Concurrent;
using System.Diagnostics;
using Varve.Model;
using Varve.Store.Lines;

namespace Varve.Tests.Kit.Stores;

/// <summary>Lines to a real server of SFTP, which runs here without an sshd; or to another program in its place.</summary>
internal sealed class SftpLines(params string[] command) : IStoreLine
{
    private const string Server = "/usr/lib/openssh/sftp-server";

    private readonly ConcurrentStack<Open> _opened = new();

    internal SftpLines() : this(Server) => Assert.SkipUnless(File.Exists(Server), "openssh-sftp-server is not installed");

    public string Host => "there";

    /// <summary>How many lines were begun.</summary>
    internal int Opened => _opened.Count;

    /// <summary>Whether servers are killed as soon as they are started.</summary>
    internal bool IsCut { get; set; }

    /// <summary>Kills the server of the line that was begun last.</summary>
    internal void Cut()
    {
        if (_opened.TryPeek(out Open? last)) { last.Kill(); }
    }

    IOpenLine IStoreLine.Open()
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var open = new Open(Process.Start(start)!);
        _opened.Push(open);
        if (IsCut) { open.Kill(); }
        return open;
    }

    private sealed class Open : IOpenLine
    {
        private readonly Process _process;

        internal Open(Process process)
        {
            _process = process;
            _ = process.StandardError.ReadToEndAsync();
            Bytes = new PumpedLine(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        }

        public PumpedLine Bytes { get; }

        public string Remark => "";

        internal void Kill() => _process.Kill();

        public VarveException? Reason(string store) =>
            new(ErrorKind.Storage, Subject.Repository(store), "cannot be reached", Advice.CheckConnection) { IsRetryable = true };

        public void Dispose() => Bytes.Dispose();
    }
}
