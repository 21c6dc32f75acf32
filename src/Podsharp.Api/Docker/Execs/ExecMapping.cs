using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Core.Errors;
using Podsharp.Engine.Execs;
using Podsharp.Engine.Streams;
using Podsharp.Wire.Docker.Execs;

namespace Podsharp.Api.Docker.Execs;

internal static class ExecMapping
{
    public static CreateExecRequest Read(string container, ExecCreateBody body)
    {
        // docker-java repeats the path's container.
        UnknownFields.Refuse(body, "", "containerId");
        if (body.Cmd is not { Count: > 0 } command) throw EngineException.InvalidInput("No exec command specified");
        if (body.WorkingDir.Length > 0 && body.WorkingDir[0] != '/')
            throw EngineException.InvalidInput($"the working directory '{body.WorkingDir}' is invalid, it needs to be an absolute path");
        return new CreateExecRequest(
            container,
            command,
            ProcessReader.Environment(body.Env ?? []),
            body.User,
            body.WorkingDir,
            body.Privileged,
            body.Tty,
            body.AttachStdin,
            body.AttachStdout,
            body.AttachStderr,
            body.DetachKeys.Length == 0 ? null : body.DetachKeys,
            ProcessReader.Size(body.ConsoleSize, "ConsoleSize"));
    }

    public static ExecInspectReply Write(ExecSession session)
    {
        var request = session.Request;
        return new ExecInspectReply
        {
            Id = session.Id.ToString(),
            Running = session.Running,
            ExitCode = session.Running ? null : session.ExitCode,
            ProcessConfig = new ExecProcessConfig
            {
                Tty = request.Terminal,
                Entrypoint = request.Command[0],
                Arguments = [.. request.Command.Skip(1)],
                Privileged = request.Privileged,
                User = request.User.Length > 0 ? request.User : null,
            },
            OpenStdin = request.AttachStdin,
            OpenStderr = request.AttachStderr,
            OpenStdout = request.AttachStdout,
            CanRemove = false,
            ContainerId = session.ContainerId.ToString(),
            // Bytes, which Go writes as base64.
            DetachKeys = request.DetachKeys is { } keys ? Convert.ToBase64String(DetachKeys.Parse(keys)) : "",
            Pid = session.Pid,
        };
    }
}
