using Podsharp.Cli.Connection;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Cli.Commands.Run;

/// <summary>A pending wait for a container's exit code.</summary>
internal sealed class ExitWait : IDisposable
{
    private static readonly TimeSpan PatienceAfterOutput = TimeSpan.FromMilliseconds(500);

    private readonly EngineClient _engine;
    private readonly string _id;
    private readonly HttpResponseMessage _reply;

    private ExitWait(EngineClient engine, string id, HttpResponseMessage reply) => (_engine, _id, _reply) = (engine, id, reply);

    /// <summary>Comes back once the engine has registered the wait: it sends its headers then.</summary>
    public static async Task<ExitWait> BeginAsync(EngineClient engine, string id, bool untilRemoved, CancellationToken cancellationToken)
    {
        var condition = untilRemoved ? "removed" : "next-exit";
        return new ExitWait(
            engine, id, await engine.SendAsync(HttpMethod.Post, $"/containers/{id}/wait?condition={condition}", null, cancellationToken));
    }

    /// <param name="mayBeDetached">The detach keys end the output too, and leave the container running: 0 then.</param>
    public async Task<int> ExitCodeAsync(bool mayBeDetached, CancellationToken cancellationToken)
    {
        var ended = EngineClient.ReadAsync(_reply, ContainerJson.Default.WaitReply, cancellationToken);
        while (mayBeDetached && await Task.WhenAny(ended, Task.Delay(PatienceAfterOutput, cancellationToken)) != ended)
            if (await IsRunningAsync(cancellationToken)) return 0;

        var reply = await ended;
        return reply.Error is { } error ? throw new CliFailure(error.Message, ExitCodes.EngineFailed) : (int)reply.StatusCode;
    }

    public void Dispose() => _reply.Dispose();

    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        try
        {
            var container = await _engine.GetAsync($"/containers/{_id}/json", ContainerJson.Default.InspectReply, cancellationToken);
            return container.State.Running;
        }
        catch (EngineRefusal)
        {
            return false;
        }
    }
}
