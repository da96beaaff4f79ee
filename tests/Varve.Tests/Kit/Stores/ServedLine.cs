using Varve.App.Serve;
using Varve.Model;
using Varve.Platform.Processes;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.Tests.Kit.Stores;

/// <summary>Lines within this process to a store that is served here, or to whatever answers instead.</summary>
internal sealed class ServedLine(Func<PumpedLine, Task> answer) : IStoreLine
{
    private volatile Open? _last;
    private int _opened;

    /// <summary>Serves a store.</summary>
    internal ServedLine(IStore store, ServeRights rights, string version = "1.2.3")
        : this(line => StoreServer.Run(line, new StoreEndpoint(new ServedStore(_ => store), rights, version), version)) { }

    public string Host => "there";

    /// <summary>How many lines were begun.</summary>
    internal int Opened => _opened;

    /// <summary>Whether lines end as soon as they are begun.</summary>
    internal bool IsCut { get; set; }

    /// <summary>Ends the line that was begun last, as a crash of the other side does.</summary>
    internal void Cut() => _last?.There.Dispose();

    IOpenLine IStoreLine.Open()
    {
        Assert.Equal(0, Pipe.Open(out Pipe? to));
        Assert.Equal(0, Pipe.Open(out Pipe? from));
        Interlocked.Increment(ref _opened);
        var here = new PumpedLine(from!.TakeReading(), to!.TakeWriting());
        var there = new PumpedLine(to.TakeReading(), from.TakeWriting());
        if (IsCut) { there.Dispose(); }
        else { _ = Task.Run(() => answer(there)); }
        return _last = new Open(here, there);
    }

    private sealed class Open(PumpedLine here, PumpedLine there) : IOpenLine
    {
        internal PumpedLine There => there;

        public PumpedLine Bytes => here;

        public string Remark => "";

        public VarveException? Reason(string store) =>
            new(ErrorKind.Storage, Subject.Repository(store), "cannot be reached", Advice.CheckConnection) { IsRetryable = true };

        public void Dispose() => here.Dispose();
    }
}
