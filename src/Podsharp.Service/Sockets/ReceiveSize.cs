namespace Podsharp.Service.Sockets;

/// <summary>How much is received at once: little from who asks and waits, more from who fills what is offered to him.</summary>
internal struct ReceiveSize
{
    private const int Smallest = 2 << 10;
    private const int Largest = 256 << 10;
    private const int Step = 4;
    private bool _filled;

    public ReceiveSize() => Bytes = Smallest;

    /// <summary>What the next receive should have room for.</summary>
    public int Bytes { get; private set; }

    /// <summary>There may be nothing to receive yet: no room need be made for it before there is.</summary>
    public readonly bool MayHaveToWait => !_filled;

    public void Received(int length, int room)
    {
        _filled = length == room;
        if (_filled) Bytes = Math.Min(Bytes * Step, Largest);
        else if (length < Bytes / Step) Bytes = Math.Max(Bytes / Step, Smallest);
    }
}
