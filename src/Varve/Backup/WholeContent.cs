using Varve.Model;

namespace Varve.Backup;

/// <summary>Stores a content that is in memory as a whole, into the tools' details.</summary>
internal static class WholeContent
{
    internal static void Store(RunContext run, ThreadTools tools, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            int length = run.Repository.Chunker.FindBoundary(content, isEnd: true);
            tools.Details.Add(new Extent(tools.Sink.StoreData(content[..length]), 0, length));
            content = content[length..];
        }
    }
}
