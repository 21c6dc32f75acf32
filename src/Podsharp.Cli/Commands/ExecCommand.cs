using System.CommandLine;
using System.Text.Json;
using Podsharp.Cli.Native;
using Podsharp.Cli.Streams;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Execs;

namespace Podsharp.Cli.Commands;

internal static class ExecCommand
{
    private static readonly Option<bool> Interactive = new("--interactive", "-i") { Description = "Passes standard input on" };
    private static readonly Option<bool> Tty = new("--tty", "-t") { Description = "Gives it a terminal" };
    private static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Leaves it running and comes back at once" };
    private static readonly Option<string[]> Env = new("--env", "-e") { Description = "A variable, or the name of one of yours", HelpName = "NAME=VALUE" };
    private static readonly Option<string?> User = new("--user", "-u") { HelpName = "USER[:GROUP]" };
    private static readonly Option<string?> WorkingDirectory = new("--workdir", "-w") { HelpName = "DIR" };
    private static readonly Option<bool> Privileged = new("--privileged");
    private static readonly Argument<string> Container = NameArgument.One("container");
    private static readonly Argument<string[]> Words = new("command") { Arity = ArgumentArity.OneOrMore, CaptureRemainingTokens = true };

    public static Command Build(Connect connect)
    {
        var command = new Command("exec", "Runs a command in a running container; exits with its exit code.")
        {
            Interactive, Tty, Detach, Env, User, WorkingDirectory, Privileged, Container, Words,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            var body = Body(parsed);
            if (body.Tty && body.AttachStdin && !Terminal.IsOn(0)) throw new CliFailure("the input device is not a TTY", ExitCodes.EngineFailed);
            var container = Uri.EscapeDataString(parsed.GetRequiredValue(Container));
            var created = await engine.PostAsync(
                $"/containers/{container}/exec", body, ExecJson.Default.ExecCreateBody, CommonJson.Default.IdReply, cancellationToken);

            var start = new ExecStartBody { Detach = parsed.GetValue(Detach), Tty = body.Tty, ConsoleSize = body.ConsoleSize };
            if (start.Detach)
            {
                using var content = new ByteArrayContent(StartBody(start));
                content.Headers.ContentType = new("application/json");
                using var reply = await engine.SendAsync(HttpMethod.Post, $"/exec/{created.Id}/start", content, cancellationToken);
                return 0;
            }

            using (var connection = await engine.UpgradeAsync($"/exec/{created.Id}/start", StartBody(start), cancellationToken))
            {
                await new AttachedProcess(engine, connection, body.AttachStdin, body.Tty, $"/exec/{created.Id}/resize")
                    .RunAsync(cancellationToken);
            }

            var ended = await engine.GetAsync($"/exec/{created.Id}/json", ExecJson.Default.ExecInspectReply, cancellationToken);
            // Still running: the detach keys were pressed.
            return ended.ExitCode ?? 0;
        });
        return command;
    }

    private static ExecCreateBody Body(ParseResult parsed)
    {
        var tty = parsed.GetValue(Tty);
        return new ExecCreateBody
        {
            AttachStdin = parsed.GetValue(Interactive) && !parsed.GetValue(Detach),
            AttachStdout = !parsed.GetValue(Detach),
            AttachStderr = !parsed.GetValue(Detach),
            Tty = tty,
            ConsoleSize = tty && Terminal.Size() is var (height, width) ? [height, width] : null,
            Env = EnvironmentOption.Read(parsed.GetValue(Env) ?? [], [], Environment.GetEnvironmentVariable),
            User = parsed.GetValue(User) ?? "",
            WorkingDir = parsed.GetValue(WorkingDirectory) ?? "",
            Privileged = parsed.GetValue(Privileged),
            Cmd = parsed.GetRequiredValue(Words),
        };
    }

    private static byte[] StartBody(ExecStartBody start) => JsonSerializer.SerializeToUtf8Bytes(start, ExecJson.Default.ExecStartBody);
}
