using Podsharp.Linux;
using Podsharp.Linux.Files;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>
/// The container's init that crun has created waits for one byte on a fifo in the state directory. Writing it ourselves saves a process on the
/// path of each start.
/// </summary>
internal static class StartFifo
{
    private const int WriteOnlyNonBlocking = 1 | 0x800;

    /// <returns>False when nobody waits there: the runtime's own start says why.</returns>
    public static bool TryRelease(string stateDirectory)
    {
        var path = Path.Join(stateDirectory, "exec.fifo");
        try
        {
            using var fifo = FileHandles.Open(path, WriteOnlyNonBlocking);
            // crun takes a container whose fifo is there for one that isn't started.
            File.Delete(path);
            FileHandles.Write(fifo, "\0"u8);
            return true;
        }
        catch (SystemCallException failure) when (failure.ErrorNumber is ErrorNumber.NoEntry or ErrorNumber.NoDeviceOrAddress)
        {
            return false;
        }
    }
}
