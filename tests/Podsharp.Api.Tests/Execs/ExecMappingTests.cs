using System.Text.Json;
using Podsharp.Api.Docker.Execs;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Execs;
using Podsharp.Wire.Docker.Execs;

namespace Podsharp.Api.Tests.Execs;

public sealed class ExecMappingTests
{
    [Test]
    public void Reads_the_body_of_the_docker_cli()
    {
        var request = Read("""
            {"User":"0","Privileged":true,"Tty":false,"AttachStdin":true,"AttachStderr":true,"AttachStdout":true,"Detach":false,"DetachKeys":"","Env":["A=B"],
            "WorkingDir":"/","Cmd":["echo","x"]}
            """);

        Assert.That(request.Command, Is.EqualTo(new[] { "echo", "x" }));
        Assert.That((request.User, request.Privileged, request.AttachStdin, request.DetachKeys), Is.EqualTo(("0", true, true, (string?)null)));
    }

    [TestCase("""{"Container":"abc","User":"","Privileged":false,"Tty":false,"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Cmd":["echo"],"Env":["A=B"]}""")]
    [TestCase("""{"AttachStdout":true,"Cmd":["echo","hi"]}""")]
    [TestCase("""{"User":"","Privileged":false,"TTY":false,"AttachStdin":false,"AttachStderr":false,"AttachStdout":true,"DetachKeys":"","WorkingDir":"","Cmd":["echo","hi"]}""")]
    [TestCase("""{"containerId":"abc","AttachStdin":null,"AttachStdout":true,"AttachStderr":true,"Tty":null,"Privileged":null,"User":null,"Cmd":["echo","hi"],"Env":null}""")]
    public void Reads_the_bodies_of_docker_py_docker_dotnet_and_docker_java(string body) =>
        Assert.That(Read(body).AttachStdout, Is.True);

    [TestCase("{}", "No exec command specified")]
    [TestCase("""{"Cmd":["x"],"Env":["=a"]}""", "invalid environment variable: =a")]
    [TestCase("""{"Cmd":["x"],"WorkingDir":"a"}""", "the working directory 'a' is invalid, it needs to be an absolute path")]
    [TestCase("""{"Cmd":["x"],"Foo":1}""", "unknown field Foo: this engine does not know it and will not ignore it")]
    public void Refuses_what_it_cannot_run(string body, string message) =>
        Assert.That(Assert.Throws<EngineException>(() => Read(body))!.Message, Is.EqualTo(message));

    [Test]
    public void Inspection_has_no_exit_code_while_the_process_runs()
    {
        var session = new ExecSession
        {
            Id = ContainerId.Parse(new string('a', 64)),
            ContainerId = ContainerId.Parse(new string('b', 64)),
            Request = Read("""{"Cmd":["sh","-c","true"]}"""),
            Running = true,
            ExitCode = 0,
        };

        var json = JsonSerializer.Serialize(ExecMapping.Write(session), ExecJson.Default.ExecInspectReply);

        Assert.That(json, Does.Contain("\"ExitCode\":null"));
        Assert.That(json, Does.Contain("""
            "ProcessConfig":{"tty":false,"entrypoint":"sh","arguments":["-c","true"],"privileged":false}
            """.Trim()));
    }

    [Test]
    public void Inspection_shows_the_detach_keys_as_the_bytes_they_are()
    {
        var session = new ExecSession
        {
            Id = ContainerId.Parse(new string('a', 64)),
            ContainerId = ContainerId.Parse(new string('b', 64)),
            Request = Read("""{"Cmd":["true"],"DetachKeys":"ctrl-a,b"}"""),
        };

        Assert.That(ExecMapping.Write(session).DetachKeys, Is.EqualTo(Convert.ToBase64String([1, (byte)'b'])));
    }

    private static CreateExecRequest Read(string json) =>
        ExecMapping.Read("c1", JsonSerializer.Deserialize(json, ExecJson.Default.ExecCreateBody)!);
}
