using System.Text;
using Varve.Model;
using Varve.Platform.Processes;

namespace Varve.Store.Lines;

/// <summary>A running ssh, and what it and the other side say on standard error. Thread-safe.</summary>
internal sealed class SshProcess : IOpenLine
{
    private const int Terminate = 15, Kill = 9, RemarkMost = 4096, NotFound = 127, OfSsh = 255;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly SshAddress _address;
    private readonly ChildProcess _child;
    private readonly Task _ended;
    private readonly StringBuilder _said = new(); // guarded by itself
    private readonly ManualResetEventSlim _saidAll = new();
    private int _disposed;

    internal SshProcess(SshAddress address, ChildProcess child, Task ended, PumpedLine bytes, Stream errors)
    {
        (_address, _child, _ended) = (address, child, ended);
        new Thread(() => Listen(errors)) { IsBackground = true, Name = "ssh says" }.Start();
        Bytes = bytes;
    }

    /// <inheritdoc/>
    public PumpedLine Bytes { get; }

    /// <inheritdoc/>
    public string Remark
    {
        get
        {
            lock (_said)
            {
                string[] lines = _said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return string.Join("; ", lines.TakeLast(3));
            }
        }
    }

    /// <inheritdoc/>
    public VarveException? Reason(string store)
    {
        if (!_ended.Wait(s_patience)) { return null; }
        _saidAll.Wait(s_patience);
        string remark = Remark, said = remark.Length == 0 ? "" : ": " + remark;
        bool Says(string text) => remark.Contains(text, StringComparison.OrdinalIgnoreCase);
        Subject subject = Subject.Repository(store);
        return _child.ExitCode switch
        {
            NotFound when !_address.IsSftp => new VarveException(ErrorKind.Storage, subject,
                $"cannot be reached: {_address.Place} has no Varve to serve it{said}", Advice.InstallThere),
            OfSsh when Says("host key") || Says("host identification") => new VarveException(ErrorKind.Storage, subject,
                $"cannot be reached: ssh does not trust the host's key{said}", Advice.CheckHostKey),
            OfSsh when Says("permission denied") => new VarveException(ErrorKind.Storage, subject,
                $"cannot be reached: {_address.Place} does not let ssh in{said}", Advice.CheckLogin),
            OfSsh when Says("subsystem request failed") => new VarveException(ErrorKind.Storage, subject,
                $"cannot be reached: {_address.Place} offers no SFTP{said}", Advice.OfferSftp),
            OfSsh => new VarveException(ErrorKind.Storage, subject, $"cannot be reached: ssh failed{said}", Advice.CheckConnection)
            { IsRetryable = true },
            // Who stopped or killed it may let it be the next time.
            > 128 => new VarveException(ErrorKind.Storage, subject, $"cannot be reached: what served it there was killed{said}",
                Advice.CheckConnection)
            { IsRetryable = true },
            int code => new VarveException(ErrorKind.Storage, subject,
                $"cannot be reached: what was started at {_address.Place} ended with exit code {code} and did not answer{said}",
                Advice.CheckForcedCommand),
        };
    }

    /// <summary>Ends the line; ssh ends with it, or is made to.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        Bytes.Dispose();
        new Thread(End) { IsBackground = true, Name = "ssh ends" }.Start();
    }

    private void End()
    {
        if (_ended.Wait(s_patience)) { return; }
        _child.SignalGroup(Terminate);
        if (!_ended.Wait(s_patience)) { _child.SignalGroup(Kill); }
    }

    private void Listen(Stream errors)
    {
        var buffer = new byte[1024];
        try
        {
            using (errors)
            {
                for (int read; (read = errors.Read(buffer)) > 0;)
                {
                    lock (_said)
                    {
                        _said.Append(Encoding.UTF8.GetString(buffer, 0, read).Replace("\r", "", StringComparison.Ordinal));
                        if (_said.Length > RemarkMost) { _said.Remove(0, _said.Length - RemarkMost); }
                    }
                }
            }
        }
        catch (IOException) { /* it is gone */ }

        _saidAll.Set();
    }
}
