using System.Globalization;
using System.Net.Sockets;
using Podsharp.Core.Errors;
using Podsharp.Linux;
using Podsharp.Linux.Self;

namespace Podsharp.Service.Sockets;

/// <summary>Sockets that systemd passes (sd_listen_fds(3)): descriptors from 3 up, if LISTEN_PID is us.</summary>
internal static class InheritedSockets
{
    private const int First = 3;

    /// <summary>Takes them: they are kept from our children, and the variables are gone.</summary>
    public static IReadOnlyList<ListeningEndPoint> Take()
    {
        var pid = Environment.GetEnvironmentVariable("LISTEN_PID");
        var count = Environment.GetEnvironmentVariable("LISTEN_FDS");
        foreach (var name in new[] { "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES" }) Environment.SetEnvironmentVariable(name, null);
        if (count is null || pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) return [];
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 64)
            throw EngineException.InvalidInput($"LISTEN_FDS={count} is no count of sockets");
        return [.. Enumerable.Range(First, number).Select(Adopt)];
    }

    private static ListeningEndPoint Adopt(int descriptor)
    {
        try
        {
            ThisProcess.CloseOnExec(descriptor);
            return new ListeningEndPoint(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)), $"inherited descriptor {descriptor}");
        }
        catch (Exception failure) when (failure is SystemCallException or SocketException)
        {
            throw EngineException.Internal($"descriptor {descriptor} of LISTEN_FDS is not a listening socket: {failure.Message}", failure);
        }
    }
}
