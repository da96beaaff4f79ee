using Varve.App.Output;
using Varve.App.Output.Progress;
using Varve.Tests.Kit.Terminals;

namespace Varve.Tests.App.Output;

public sealed class ProgressTests
{
    private readonly FakeTime _time = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private Position _position = new("saving", "files", 0, 0, null, null, 0);

    [Fact]
    public void Off_a_terminal_nothing_is_printed_however_long_it_takes()
    {
        using (Loop(terminal: false)) { _time.Advance(600); }

        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void Who_wants_no_progress_gets_none()
    {
        using (Loop(terminal: true, draws: false)) { _time.Advance(60); }

        Assert.Equal("", _error.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_asks_gets_a_line_that_stays_anywhere(bool terminal)
    {
        using (ProgressLoop loop = Loop(terminal))
        {
            _position = new Position("saving", "files", 250, 250, 1000, 1000, 3) { At = "letters/anna.txt" };
            _time.Advance(10);
            Assert.True(loop.Tell());
        }

        Assert.Contains("varve: saving 25%, 250 files, 250 B, 0 files/s, 0 B/s, 3 failed, 30 s left: letters/anna.txt",
            Shown(200).Lines);
    }

    [Fact]
    public void After_the_end_who_asks_hears_that_it_has_ended()
    {
        ProgressLoop loop = Loop(terminal: false);
        loop.Dispose();
        Assert.False(loop.Tell());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void A_terminal_gets_two_lines_rewritten_in_place_and_removed_at_the_end()
    {
        using (Loop(terminal: true))
        {
            _time.Advance(1);
            Assert.Equal(["saving, 1.0 s", "0 files, 0 files/s"], Shown(80).Lines);
        }

        Assert.Empty(Shown(80).Lines);
    }

    [Theory]
    [InlineData(60,
        "saving  42% [============>                ] 1 min 23 s left|33,120 files, 1.2 GiB, 2 failed  ...ome/letters/babbage.txt")]
    [InlineData(80,
        "saving  42% [====================>                            ] 1 min 23 s left|"
        + "33,120 files, 1.2 GiB, 0 files/s, 0 B/s, 2 failed  .../home/letters/babbage.txt")]
    [InlineData(200,
        "saving  42% [=========================>                                  ] 1 min 23 s left|"
        + "33,120 files, 1.2 GiB, 0 files/s, 0 B/s, 2 failed  the/house/of/ada/home/letters/babbage.txt")]
    public void What_is_drawn_fits_the_terminal(int columns, string lines)
    {
        _position = new Position("saving", "files", 33_120, 1_288_490_188, 78_857, 3_067_833_780, 2)
        {
            At = "the/house/of/ada/home/letters/babbage.txt",
        };
        using (new ProgressLoop(_time, new StatusLine(_error, terminal: true, () => columns), draws: true, null, () => _position))
        {
            _time.Advance(60);
            Screen screen = Shown(columns);
            Assert.False(screen.HasWrapped);
            Assert.Equal(lines.Split('|'), screen.Lines);
        }
    }

    [Fact]
    public void Names_that_take_two_columns_a_letter_fit_too()
    {
        _position = _position with { At = string.Concat(Enumerable.Repeat("\u6587", 100)) };
        var status = new StatusLine(_error, terminal: true, () => 60);
        using (new ProgressLoop(_time, status, draws: true, null, () => _position)) { _time.Advance(0.3); }

        string[] lines = _error.ToString().Split('\n');
        Assert.Contains("...\u6587", lines[1]);
        Assert.InRange(lines[1].Count(static c => c == '\u6587') * 2 + "0 files, 0 files/s  ...".Length, 50, 59);
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
    public void A_line_is_cut_to_the_terminal()
    {
        var status = new StatusLine(_error, terminal: true, () => 20);
        status.Show(new string('x', 100));
        Assert.Equal("\r" + new string('x', 19) + "\e[K", _error.ToString());
    }

    [Fact]
    public void A_message_stands_above_the_lines_and_tears_none()
    {
        var status = new StatusLine(_error, terminal: true, () => 80);
        status.Show("first", "second");
        status.Message("message");
        status.Show("third", "fourth");
        status.Aside(() => _error.Write("aside\n"));
        status.Show("fifth");
        Assert.Equal(["message", "aside", "fifth"], Shown(80).Lines);
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
        using (new ProgressLoop(_time, new StatusLine(_error, false, () => 80), false, () => objects++, () => _position))
        {
            _time.Advance(5.1);
        }

        Assert.InRange(objects, 4, 5);
        Assert.Equal("", _error.ToString());
    }

    private Screen Shown(int columns) => new Screen(columns).Print(_error.ToString().Replace("\n", "\r\n", StringComparison.Ordinal));

    private ProgressLoop Loop(bool terminal, bool draws = true) =>
        new(_time, new StatusLine(_error, terminal, () => 80), draws, null, () => _position);
}
