using System.Text;
using Varve.Platform;

namespace Varve.Tests.Platform;

/// <summary>A file that gets another name whenever the one that it had is looked at, as maildirs and logs do that never rest.</summary>
internal sealed class RestlessFile : IDisposable
{
    private readonly SystemCallWatch _watch;
    private readonly Lock _gate = new();
    private readonly string _directory;
    private int _number;

    public RestlessFile(string directory)
    {
        _directory = directory;
        File.WriteAllText(Now(), "restless");
        _watch = new SystemCallWatch((call, _, name) =>
        {
            if (call != SystemCall.Stat) { return 0; }
            lock (_gate)
            {
                if (!name.SequenceEqual(Encoding.ASCII.GetBytes(Path.GetFileName(Now())))) { return 0; }
                string before = Now();
                _number++;
                File.Move(before, Now());
            }

            return 0;
        });
    }

    public void Dispose() => _watch.Dispose();

    private string Now() => Path.Combine(_directory, $"restless{_number}");
}
