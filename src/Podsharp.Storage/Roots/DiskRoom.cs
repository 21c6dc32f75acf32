using Podsharp.Linux;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Roots;

/// <summary>The free space of the store's disk. Before it runs out, what can be had again is given up.</summary>
internal sealed class DiskRoom(string root)
{
    private const long LargestReserve = 1L << 30;
    private const int ReserveShare = 20;
    private const long LargestStep = 16 << 20;
    private const long SmallestStep = 128 << 10;
    private const int StepsOfReserve = 32;

    /// <summary>Told the bytes that are missing; gives up what it can.</summary>
    public Action<long>? GiveUp { get; set; }

    public long Total => new DriveInfo(root).TotalSize;

    /// <summary>Bytes between what is free and the reserve: a twentieth of the disk, at most 1 GiB. Negative where there is more.</summary>
    public long Missing
    {
        get
        {
            var disk = new DriveInfo(root);
            return Reserve(disk.TotalSize) - disk.AvailableFreeSpace;
        }
    }

    /// <summary>False when the disk is short in spite of all that could be given up.</summary>
    public bool TryMake()
    {
        if (Missing is var missing and > 0) GiveUp?.Invoke(missing);
        else return true;
        return Missing <= 0;
    }

    /// <summary>Does work that can be done twice; where the disk turns out to be full, all that can be given up is, and it is done once more.</summary>
    public T InRoom<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (IOException e) when ((e.HResult & 0xffff) == ErrorNumber.NoSpace && GiveUp is not null)
        {
            GiveUp(long.MaxValue);
            return work();
        }
    }

    /// <summary>The stream, the content of which is written to the disk while it is read: room is made on the way, several writers at once reckoned with.</summary>
    public Stream Watch(Stream content)
    {
        TryMake();
        return new WatchedStream(content, this, Math.Clamp(Reserve(Total) / StepsOfReserve, SmallestStep, LargestStep));
    }

    private static long Reserve(long total) => Math.Min(total / ReserveShare, LargestReserve);

    private sealed class WatchedStream(Stream inner, DiskRoom room, long step) : ReadOnlyStream
    {
        private long _since;

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            if ((_since += read) < step) return read;
            _since = 0;
            room.TryMake();
            return read;
        }
    }
}
