using Varve.Model;

namespace Varve.Tests.Model;

public sealed class FileTimeTests
{
    [Fact]
    public void Minus_borrows_from_the_seconds()
    {
        Assert.Equal(new FileTime(-1, 999_999_990), new FileTime(0, 0).Minus(10));
    }
}
