using Microsoft.Win32.SafeHandles;

namespace Podsharp.Linux.Polling;

/// <summary>Reads of a pipe that no thread waits for.</summary>
public static class PipeReading
{
    /// <summary>What comes first, as much of it as is there then; 0: all writers have gone.</summary>
    public static async Task<int> ReadAsync(SafeFileHandle pipe, byte[] buffer)
    {
        var readable = new AsyncSignal();
        using var reader = new PolledDescriptor(new SafeFileHandle(pipe.DangerousGetHandle(), ownsHandle: false), readable, null);
        int? count;
        while ((count = reader.TryRead(buffer)) is null) await readable.WaitAsync(CancellationToken.None);
        return count.Value;
    }
}
