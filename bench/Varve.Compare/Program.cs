using System.ComponentModel;
using System.Runtime.InteropServices;
using Varve.Compare.Measure;
using Varve.Compare.Options;
using Varve.Compare.Report;
using Varve.Compare.Run;

// Exit codes: 0 measured (whether or not targets were reached), 1 failed or a corpus could not be made, 2 usage, 130 interrupted.
CompareOptions? options;
try { options = OptionParser.Parse(args, Environment.GetEnvironmentVariable); }
catch (FormatException e)
{
    Console.Error.WriteLine($"compare: {e.Message} See --help.");
    return 2;
}

if (options is null)
{
    Console.WriteLine(OptionParser.Help);
    return 0;
}

string folder = Path.Combine(options.Work, $"varve-compare-{Environment.ProcessId}");
var runner = new CommandRunner(Path.Combine(folder, "run"), options.Timeout);
bool interrupted = false;
void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted = true;
    runner.Stop();
}

using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    var comparison = new Comparison(options, runner, folder, line => Console.Error.WriteLine(line));
    MachineInfo machine = MachineInfo.Read(options.Work, args);
    List<Participant> participants = comparison.FindTools(machine.Versions);
    Results results = comparison.Run(participants);
    List<Pair> pairs = options.BeforeProgram is null ? [] : Pair.Of(results);
    var judge = new Judge(results);
    List<Verdict> verdicts = Targets.All.Where(t => options.Targets.Contains(t.Issue)).Select(judge.On).ToList();
    Console.WriteLine(TextReport.Write(results, pairs, verdicts, machine, markdown: false));
    if (options.Json is { } json) { JsonReport.Write(json, results, pairs, verdicts, machine); }
    if (options.Markdown is { } markdown)
    {
        File.WriteAllText(markdown, TextReport.Write(results, pairs, verdicts, machine, markdown: true));
    }
    return results.Missing.Count == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (interrupted)
{
    Console.Error.WriteLine("compare: interrupted; nothing was reported.");
    return 130;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
{
    Console.Error.WriteLine($"compare: {e.Message}");
    return interrupted ? 130 : 1;
}
finally
{
    if (Directory.Exists(folder)) { Directory.Delete(folder, recursive: true); }
}
