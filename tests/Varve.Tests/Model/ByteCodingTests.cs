using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tests.Kit;

namespace Varve.Tests.Model;

public sealed class ByteCodingTests
{
    private static ByteReader Over(byte[] bytes) => new(bytes, Subject.PartOnly("the test"));

    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7F")]
    [InlineData(128UL, "8001")]
    [InlineData(300UL, "AC02")]
    [InlineData(ulong.MaxValue, "FFFFFFFFFFFFFFFFFF01")]
    public void A_varint_has_the_bytes_of_LEB128(ulong value, string hex)
    {
        var writer = new ByteWriter();
        writer.VarInt(value);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
        Assert.Equal(hex.Length / 2, ByteWriter.VarIntLength(value));
        Assert.Equal(value, Over(writer.ToArray()).VarInt());
    }

    [Theory]
    [InlineData(0L, "00")]
    [InlineData(-1L, "01")]
    [InlineData(1L, "02")]
    [InlineData(-64L, "7F")]
    [InlineData(long.MinValue, "FFFFFFFFFFFFFFFFFF01")]
    [InlineData(long.MaxValue, "FEFFFFFFFFFFFFFFFF01")]
    public void A_svarint_is_zigzag(long value, string hex)
    {
        var writer = new ByteWriter();
        writer.SVarInt(value);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
        Assert.Equal(value, Over(writer.ToArray()).SVarInt());
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("8080808080808080808000")]
    public void An_overlong_or_unfinished_varint_is_damage(string hex) =>
        Assert.Contains("the test", DamagedBytes.Is(() => Over(Convert.FromHexString(hex)).VarInt()).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(70_000)]
    public void A_length_put_before_what_was_written_is_what_writing_it_as_bytes_gives(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        ByteWriter expected = new(), writer = new(capacity: 1);
        foreach (ByteWriter each in (ByteWriter[])[expected, writer]) { each.U32(5); }
        expected.Bytes(bytes);
        int start = writer.Length;
        writer.Raw(bytes);
        writer.PrefixLength(start);
        foreach (ByteWriter each in (ByteWriter[])[expected, writer]) { each.U8(9); }
        Assert.Equal(expected.ToArray(), writer.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.PrefixLength(writer.Length + 1));
    }

    [Fact]
    public void Lengths_and_counts_beyond_the_end_are_damage()
    {
        DamagedBytes.Is(() => Over([5, 1, 2]).Bytes());
        DamagedBytes.Is(() => Over([255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2]).Bytes());
        DamagedBytes.Is(() => Over([3, 0, 0, 0, 0, 0]).Count(2));
        Assert.Equal(2, Over([2, 0, 0, 0, 0]).Count(2));
        DamagedBytes.Is(() => Over(new byte[31]).Id32());
        DamagedBytes.Is(() => Over(new byte[7]).U64());
        DamagedBytes.Is(() => Over([0]).Take(-1));
        DamagedBytes.Is(() => Over([0]).End());
    }

    [Fact]
    public void A_time_has_less_than_a_second_of_nanoseconds()
    {
        var writer = new ByteWriter();
        writer.SVarInt(-7);
        writer.VarInt(1_000_000_000);
        byte[] bytes = writer.ToArray();
        DamagedBytes.Is(() => Over(bytes).Time());
    }

    [Fact]
    public void Everything_written_is_read_back()
    {
        var random = new Random(4);
        var writer = new ByteWriter(1);
        for (int round = 0; round < 200; round++)
        {
            writer.Clear();
            ulong number = (ulong)random.NextInt64() >> random.Next(64);
            var time = new FileTime(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64), random.Next(1_000_000_000));
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            var id = new byte[32];
            random.NextBytes(id);
            writer.U8((byte)number);
            writer.U64(number);
            writer.VarInt(number);
            writer.Time(time);
            writer.Bytes(bytes);
            writer.Id32(new Bytes32(id));
            int mark = writer.Open();
            writer.Raw(bytes);
            writer.Close(mark);
            writer.Text("Grüße");

            ByteReader reader = Over(writer.ToArray());
            Assert.Equal((byte)number, reader.U8());
            Assert.Equal(number, reader.U64());
            Assert.Equal(number, reader.VarInt());
            Assert.Equal(time, reader.Time());
            Assert.Equal(bytes, reader.Bytes().ToArray());
            Assert.Equal(new Bytes32(id), reader.Id32());
            Assert.Equal(bytes, reader.Bytes().ToArray());
            Assert.Equal("Grüße"u8.ToArray(), reader.Bytes().ToArray());
            reader.End();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16383)]
    [InlineData(16384)]
    [InlineData(3_000_000)]
    public void What_is_opened_and_closed_has_its_length_before_it(int length)
    {
        var writer = new ByteWriter();
        writer.U8(9);
        int mark = writer.Open();
        for (int i = 0; i < length; i++) { writer.U8((byte)i); }
        writer.Close(mark);
        writer.U8(7);
        ByteReader reader = Over(writer.ToArray());
        Assert.Equal(9, reader.U8());
        ReadOnlySpan<byte> inner = reader.Bytes();
        Assert.Equal(length, inner.Length);
        for (int i = 0; i < length; i++)
        {
            if (inner[i] != (byte)i) { Assert.Fail($"byte {i}"); }
        }

        Assert.Equal(7, reader.U8());
        reader.End();
    }

    [Fact]
    public void The_checksum_is_that_of_RFC_3720()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0u, Crc32C.Compute([]));
    }
}
