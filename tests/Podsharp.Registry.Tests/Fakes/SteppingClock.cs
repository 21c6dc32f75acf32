namespace Podsharp.Registry.Tests.Fakes;

/// <summary>A clock that can be put forward; its timers fire at once, and what they were set to is noted.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _offset;

    public List<TimeSpan> Pauses { get; } = [];

    /// <summary>Of the wall clock only.</summary>
    public TimeSpan WallStep { get; set; }

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _offset);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(60) + TimeSpan.FromTicks(GetTimestamp()) + WallStep;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            lock (Pauses) Pauses.Add(dueTime);
            Advance(dueTime);
        }

        return base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}
