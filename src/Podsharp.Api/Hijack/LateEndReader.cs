using System.Buffers;
using System.IO.Pipelines;

namespace Podsharp.Api.Hijack;

/// <summary>
/// Shows the end of input only to a read that finds nothing new before it. Kestrel takes an end seen together with the last
/// bytes of a body for a vanished client and aborts; here it may be a client that has sent all of its input and awaits output.
/// </summary>
internal sealed class LateEndReader(PipeReader inner) : PipeReader
{
    private ReadOnlySequence<byte> _last;
    private long _examined;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Show(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result)) return false;
        result = Show(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _examined = _last.Slice(consumed, examined).Length;
        _last = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Show(ReadResult result)
    {
        _last = result.Buffer;
        return result.IsCompleted && result.Buffer.Length > _examined
            ? new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false)
            : result;
    }
}
