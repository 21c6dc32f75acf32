using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Tests.Streams;

public sealed class ReadingThreadTests
{
    private static readonly byte[] Content = "what is read"u8.ToArray();

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_source_is_read_to_its_end_by_the_thread_itself_where_it_may_be(bool mayBlock)
    {
        using var source = new Source(mayBlock);

        var read = await ReadingThread.RunAsync(source, "damaged", ReadAll, CancellationToken.None);

        Assert.That(read, Is.EqualTo(Content));
        Assert.That((source.ReadBlocking, source.IsHeld), Is.EqualTo((mayBlock, false)));
    }

    [Test]
    public void A_source_is_let_go_of_when_the_work_fails()
    {
        using var source = new Source(mayBlock: true);

        Assert.That(
            async () => await ReadingThread.RunAsync<bool>(source, "the tar is damaged", _ => throw new EndOfStreamException("too short"), CancellationToken.None),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("the tar is damaged: too short"));
        Assert.That(source.IsHeld, Is.False);
    }

    private static byte[] ReadAll(Stream stream)
    {
        var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private sealed class Source(bool mayBlock) : MemoryStream(Content), IBlockingSource
    {
        public bool ReadBlocking { get; private set; }

        public bool IsHeld { get; private set; }

        public IDisposable? BeginBlocking(CancellationToken cancellationToken)
        {
            IsHeld = mayBlock;
            return mayBlock ? new Release(this) : null;
        }

        public override void CopyTo(Stream destination, int bufferSize)
        {
            ReadBlocking = true;
            base.CopyTo(destination, bufferSize);
        }

        private sealed class Release(Source source) : IDisposable
        {
            public void Dispose() => source.IsHeld = false;
        }
    }
}
