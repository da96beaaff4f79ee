using Varve.Platform;

namespace Varve.Tests.Platform;

public sealed class MappedFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void It_shows_the_bytes_of_the_file_and_nothing_beyond()
    {
        byte[] bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_path, bytes);
        using MappedFile file = MappedFile.Open(_path)!;
        Assert.Equal(bytes.Length, file.Length);
        Assert.True(file.Span(0, bytes.Length).SequenceEqual(bytes));
        Assert.True(file.Span(5000, 7).SequenceEqual(bytes.AsSpan(5000, 7)));
        Assert.Equal(0, file.Span(10_000, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(9_999, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(0, -1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Span(long.MaxValue, 1).Length);
    }

    [Fact]
    public void It_reads_the_same_bytes_and_nothing_beyond()
    {
        byte[] bytes = new byte[10_000], buffer = new byte[3000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_path, bytes);
        using MappedFile file = MappedFile.Open(_path)!;
        file.Read(7000, buffer);
        Assert.Equal(bytes[7000..], buffer);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(7001, buffer));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(-1, buffer));
    }

    [Fact]
    public void An_empty_file_has_no_mapping()
    {
        File.WriteAllBytes(_path, []);
        Assert.Null(MappedFile.Open(_path));
    }

    [Fact]
    public void A_missing_file_throws() => Assert.Throws<FileNotFoundException>(() => MappedFile.Open(_path));

    [Fact]
    public void It_refuses_to_be_used_after_Dispose()
    {
        File.WriteAllBytes(_path, [1, 2]);
        MappedFile file = MappedFile.Open(_path)!;
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Span(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(() => file.Read(0, new byte[1]));
    }
}
