namespace Podsharp.Service.Sockets;

/// <summary>Connections from accept to close, hijacked ones included: while there is one the service stays.</summary>
internal sealed class ConnectionCount
{
    private int _open;
    private long _accepted;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Grows with each connection, so that one that came and went between two looks is seen.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    public void Enter()
    {
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _accepted);
    }

    public void Leave() => Interlocked.Decrement(ref _open);
}
