using System.Runtime.InteropServices;
using Podsharp.Cli.Connection;

namespace Podsharp.Cli.Commands.Run;

/// <summary>Passes the signals that would end this program on to the container, until disposed.</summary>
internal sealed class SignalForwarding : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public SignalForwarding(EngineClient engine, string id)
    {
        (PosixSignal Signal, string Name)[] signals =
        [
            (PosixSignal.SIGINT, "INT"), (PosixSignal.SIGTERM, "TERM"), (PosixSignal.SIGHUP, "HUP"), (PosixSignal.SIGQUIT, "QUIT"),
        ];
        _registrations = [.. signals.Select(entry => PosixSignalRegistration.Create(entry.Signal, context =>
        {
            context.Cancel = true;
            _ = KillAsync(engine, id, entry.Name);
        }))];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private static async Task KillAsync(EngineClient engine, string id, string signal)
    {
        try
        {
            await engine.SendAsync(HttpMethod.Post, $"/containers/{id}/kill?signal={signal}", CancellationToken.None);
        }
        catch (Exception exception) when (exception is EngineRefusal or CliFailure)
        {
            // It ended meanwhile; the wait tells how.
        }
    }
}
