using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Tests.Platform;

public sealed class PagedBytesTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private SafeFd _file;

    public void Dispose()
    {
        _file.Close();
        File.Delete(_path);
    }

    [Theory]
    [InlineData(0, 200_000)]
    [InlineData(77, 190_001)]
    [InlineData(65_536, 65_536)]
    public void It_shows_the_bytes_of_the_range_and_nothing_beyond(int offset, int length)
    {
        byte[] bytes = Write(200_000);
        using var range = new PagedBytes(_file.Value, offset, length);
        Assert.Equal(length, range.Length);
        range.Prefetch(length - 1);
        range.Prefetch(length);
        foreach (int at in (int[])[length - 7, 0, 65_530]) { Assert.True(range.Span(at, 6).SequenceEqual(bytes.AsSpan(offset + at, 6))); }
        Assert.True(range.Span(0, length).SequenceEqual(bytes.AsSpan(offset, length)));
        Assert.Equal(0, range.Span(length, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => range.Span(length - 1, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => range.Span(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => range.Span(0, -1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => range.Span(long.MaxValue, 1).Length);
    }

    [Fact]
    public void A_file_that_is_cut_short_meanwhile_is_an_error_where_it_was_not_read_yet_and_ends_nothing()
    {
        byte[] bytes = Write(200_000);
        using var range = new PagedBytes(_file.Value, 0, bytes.Length);
        Assert.True(range.Span(10, 20).SequenceEqual(bytes.AsSpan(10, 20)));
        using (FileStream file = File.OpenWrite(_path)) { file.SetLength(70_000); }
        Assert.True(range.Span(10, 20).SequenceEqual(bytes.AsSpan(10, 20)));
        Assert.Contains("shorter", Assert.Throws<IOException>(() => range.Span(100_000, 1).Length).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => range.Span(150_000, 50_000).Length);
    }

    [Fact]
    public void A_disk_that_fails_is_an_error()
    {
        Write(100);
        using var range = new PagedBytes(_file.Value, 0, 100);
        int own = _file.Value;
        using (new SystemCallWatch((call, fd, _) => call == SystemCall.Read && fd == own ? Errno.EIO : 0))
        {
            Assert.Contains("input/output", Assert.Throws<IOException>(() => range.Span(0, 1).Length).Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, range.Span(0, 1).Length);
    }

    [Fact]
    public void It_refuses_to_be_used_after_Dispose()
    {
        Write(2);
        var range = new PagedBytes(_file.Value, 0, 2);
        range.Dispose();
        range.Dispose();
        Assert.Throws<ObjectDisposedException>(() => range.Span(0, 1).Length);
        range.Prefetch(0);
    }

    private byte[] Write(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_path, bytes);
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, System.Text.Encoding.UTF8.GetBytes(_path), Posix.O_RDONLY, out _file));
        return bytes;
    }
}
