using Varve.App.Output;
using Varve.App.Output.Progress;

namespace Varve.Tests.App.Output;

public sealed class ProgressTests
{
    private readonly FakeTime _time = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private Position _position = new("saving", "files", 0, 0, null, null, 0);

    [Fact]
    public void A_short_run_in_a_pipe_prints_nothing()
    {
        using (Loop(terminal: false)) { _time.Advance(9.9); }

        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void A_long_run_in_a_pipe_prints_a_line_each_ten_seconds()
    {
        using (Loop(terminal: false)) { _time.Advance(60); }

        string[] lines = _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 5, 6);
        Assert.All(lines, l => Assert.StartsWith("varve: saving", l));
    }

    [Fact]
    public void A_terminal_gets_one_line_rewritten_five_times_a_second_and_removed_at_the_end()
    {
        using (Loop(terminal: true)) { _time.Advance(1); }

        string text = _error.ToString();
        Assert.DoesNotContain('\n', text);
        Assert.Equal(5, text.Split("saving").Length - 1);
        Assert.EndsWith("\r\e[K", text);
    }

    [Fact]
    public void Nothing_is_printed_after_the_end()
    {
        ProgressLoop loop = Loop(terminal: true);
        _time.Advance(1);
        loop.Dispose();
        int length = _error.ToString().Length;
        _time.Advance(10);
        Assert.Equal(length, _error.ToString().Length);
    }

    [Fact]
    public void The_line_fits_the_terminal()
    {
        var status = new StatusLine(_error, terminal: true, () => 20);
        status.Show(new string('x', 100));
        Assert.Equal("\r" + new string('x', 19) + "\e[K", _error.ToString());
    }

    [Fact]
    public void A_message_removes_the_line_first()
    {
        var status = new StatusLine(_error, terminal: true, () => 80);
        status.Show("line");
        status.Message("message");
        Assert.Equal("\rline\e[K\r\e[Kmessage\n", _error.ToString());
    }

    [Fact]
    public void Rates_are_those_of_the_last_seconds()
    {
        var meter = new ProgressMeter(_time);
        string line = "";
        for (int i = 1; i <= 100; i++)
        {
            _time.Advance(0.2);
            // Ten files and 1 MiB a second, then a hundred files and 10 MiB.
            int speed = i <= 50 ? 1 : 10;
            _position = _position with { Items = _position.Items + 2 * speed, Bytes = _position.Bytes + speed * (1L << 20) / 5 };
            line = meter.Describe(_position);
        }

        Assert.Contains("1,100 files", line);
        Assert.Contains("100 files/s", line);
        Assert.Contains("10.0 MiB/s", line);
        Assert.DoesNotContain("left", line);
        Assert.DoesNotContain("%", line);
    }

    [Fact]
    public void Percent_and_time_left_show_when_the_end_is_known()
    {
        var meter = new ProgressMeter(_time);
        _time.Advance(10);
        string line = meter.Describe(new Position("saving", "files", 250, 250, 1000, 1000, 3));
        Assert.Contains("saving 25%", line);
        Assert.Contains("3 failed", line);
        Assert.EndsWith("30 s left", line);
    }

    [Fact]
    public void More_than_expected_is_not_more_than_all()
    {
        var meter = new ProgressMeter(_time);
        _time.Advance(10);
        string line = meter.Describe(new Position("saving", "files", 2000, 5000, 1000, 1000, 0));
        Assert.Contains("99%", line);
        Assert.DoesNotContain("left", line);
    }

    [Fact]
    public void Programs_get_an_object_each_second()
    {
        int objects = 0;
        using (new ProgressLoop(_time, null, () => objects++, () => _position)) { _time.Advance(5.1); }

        Assert.InRange(objects, 4, 5);
    }

    private ProgressLoop Loop(bool terminal) => new(_time, new StatusLine(_error, terminal, () => 80), null, () => _position);
}
