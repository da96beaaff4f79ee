using System.Text;
using Varve.Walk;

namespace Varve.Tests.Walk;

public sealed class NameSorterTests
{
    [Fact]
    public void The_order_is_that_of_unsigned_bytes_for_any_names()
    {
        var sorter = new NameSorter();
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            int alphabet = random.Next(2) == 0 ? 2 : 255, longest = 1 + random.Next(40);
            byte[][] names = Enumerable.Range(0, random.Next(300))
                .Select(_ => Enumerable.Range(0, 1 + random.Next(longest)).Select(_ => (byte)(1 + random.Next(alphabet))).ToArray())
                .ToArray();
            var arena = new List<byte>();
            var slots = new NameSlot[names.Length + 3];
            for (int i = 0; i < names.Length; i++)
            {
                slots[i] = new NameSlot { Offset = arena.Count, Length = names[i].Length };
                arena.AddRange(names[i]);
            }

            int[] order = Enumerable.Range(0, slots.Length).ToArray();
            sorter.Sort([.. arena], slots, order, names.Length);
            Assert.Equal(Enumerable.Range(0, names.Length), order[..names.Length].Order());
            IEnumerable<string> expected = names.Select(Encoding.Latin1.GetString).Order(StringComparer.Ordinal);
            Assert.Equal(expected, order[..names.Length].Select(i => Encoding.Latin1.GetString(names[i])));
        }
    }
}
