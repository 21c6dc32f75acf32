namespace Podsharp.Storage.Streams;

/// <summary>Refuses what unpacks to far more than its size before it has filled the disk.</summary>
internal sealed class BoundedInflation(Stream plain, CountedStream compressed, InflationLimits limits) : ReadOnlyStream
{
    private long _plain;

    public override int Read(Span<byte> buffer)
    {
        var read = plain.Read(buffer);
        _plain += read;
        return _plain <= limits.Free || _plain / limits.Ratio <= compressed.Count
            ? read
            : throw new InvalidDataException($"it unpacks to more than {limits.Ratio} times its size: this is no image but a way to fill disks");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) plain.Dispose();
        base.Dispose(disposing);
    }
}

internal sealed class CountedStream(Stream inner) : ReadOnlyStream
{
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count += read;
        return read;
    }
}
