namespace Podsharp.Linux.Polling;

/// <summary>Called on the poll thread: must not block and must not throw.</summary>
internal interface IPollHandler
{
    void Ready(uint events);
}
