using System.CommandLine;
using System.Net;
using Podsharp.Cli.Connection;
using Podsharp.Cli.Native;
using Podsharp.Cli.Streams;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Cli.Commands.Run;

internal static class RunCommand
{
    public static Command Build(Connect connect)
    {
        var command = RunOptions.Command();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            return await RunAsync(engine, RunBody.Read(parsed), parsed.GetValue(RunOptions.Name), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(EngineClient engine, CreateBody body, string? name, CancellationToken cancellationToken)
    {
        if (body.Tty && body.AttachStdin && !Terminal.IsOn(0)) throw new CliFailure("the input device is not a TTY", ExitCodes.EngineFailed);

        var created = await CreateAsync(engine, body, name, cancellationToken);
        foreach (var warning in created.Warnings ?? []) await Console.Error.WriteLineAsync("Warning: " + warning);
        if (!body.AttachStdout)
        {
            if (await StartAsync(engine, created.Id, body, cancellationToken) is var failed and not 0) return failed;
            await Console.Out.WriteLineAsync(created.Id);
            return 0;
        }

        var streams = "stream=1&stdout=1&stderr=1" + (body.AttachStdin ? "&stdin=1" : "");
        using var connection = await engine.UpgradeAsync($"/containers/{created.Id}/attach?{streams}", [], cancellationToken);
        // Asked before the start: a container that ends at once would be missed.
        using var wait = await ExitWait.BeginAsync(engine, created.Id, body.HostConfig!.AutoRemove, cancellationToken);
        if (await StartAsync(engine, created.Id, body, cancellationToken) is var refused and not 0) return refused;

        using var signals = body.Tty ? null : new SignalForwarding(engine, created.Id);
        await new AttachedProcess(engine, connection, body.AttachStdin, body.Tty, $"/containers/{created.Id}/resize").RunAsync(cancellationToken);
        return await wait.ExitCodeAsync(mayBeDetached: body is { Tty: true, AttachStdin: true }, cancellationToken);
    }

    private static async Task<CreateReply> CreateAsync(EngineClient engine, CreateBody body, string? name, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.PostAsync(
                "/containers/create" + (name is null ? "" : "?name=" + Uri.EscapeDataString(name)), body,
                ContainerJson.Default.CreateBody, ContainerJson.Default.CreateReply, cancellationToken);
        }
        catch (EngineRefusal refusal) when (refusal.Status == HttpStatusCode.NotFound && refusal.Message.StartsWith("No such image", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliFailure($"{refusal.Message}. Bring it with: podsharp load -i FILE", ExitCodes.EngineFailed);
        }
    }

    /// <returns>0, or the exit code that says why it could not start.</returns>
    private static async Task<int> StartAsync(EngineClient engine, string id, CreateBody body, CancellationToken cancellationToken)
    {
        try
        {
            await engine.SendAsync(HttpMethod.Post, $"/containers/{id}/start", cancellationToken);
            return 0;
        }
        catch (EngineRefusal refusal)
        {
            await Console.Error.WriteLineAsync("Error: " + refusal.Message);
            if (body.HostConfig!.AutoRemove) await RemoveAsync(engine, id, cancellationToken);
            return StartFailure.ExitCode(refusal.Message);
        }
    }

    private static async Task RemoveAsync(EngineClient engine, string id, CancellationToken cancellationToken)
    {
        try
        {
            await engine.SendAsync(HttpMethod.Delete, $"/containers/{id}?force=1&v=1", cancellationToken);
        }
        catch (EngineRefusal)
        {
            // The engine may have removed it itself.
        }
    }
}
