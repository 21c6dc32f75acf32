using System.Text;
using Podsharp.Core.Oci;
using Podsharp.Drivers.OciRuntime;

namespace Podsharp.Drivers.Tests.OciRuntime;

[TestFixture]
[Category("Root")]
[CancelAfter(60_000)]
public sealed class SeccompCacheTests
{
    // chroot(2) is refused; all else goes.
    private static readonly LinuxSeccomp Profile = new()
    {
        DefaultAction = "SCMP_ACT_ALLOW",
        Syscalls = [new LinuxSyscallRule { Names = ["chroot"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 1 }],
    };

    [Test]
    public async Task The_second_container_gets_the_compiled_filter_and_is_as_confined_as_the_first()
    {
        await using var bed = new TestBed();
        var first = await RunAsync(bed);
        Assert.That(Directory.GetFiles(bed.Paths.SeccompCache), Has.Length.EqualTo(1));

        // A new service on the same store.
        await using var next = new TestBed(options => options with { Paths = bed.Paths });
        var (second, configuration) = await RunAsync(next);

        Assert.That(configuration, Does.Contain("run.oci.seccomp_bpf_data"));
        Assert.That(first.Configuration, Does.Not.Contain("run.oci.seccomp_bpf_data"));
        Assert.That(second, Does.Contain("Seccomp:\t2").And.Contain("Operation not permitted"));
        Assert.That(second, Is.EqualTo(first.Output));
    }

    private static async Task<(string Output, string Configuration)> RunAsync(TestBed bed)
    {
        var request = bed.Request("/bin/sh", "-c", "grep Seccomp: /proc/self/status; chroot / /bin/true 2>&1");
        request = request with
        {
            DefaultSeccomp = true,
            Spec = request.Spec with
            {
                Process = request.Spec.Process with
                {
                    Capabilities = new RuntimeCapabilities(["CAP_SYS_CHROOT"], ["CAP_SYS_CHROOT"], [], ["CAP_SYS_CHROOT"], []),
                },
                Linux = request.Spec.Linux with { Seccomp = Profile },
            },
        };
        var container = await bed.CreateAsync(request);
        await using var stdio = await bed.Runtime.AttachAsync(container, CancellationToken.None);
        await bed.Runtime.StartAsync(container.Id, CancellationToken.None);
        var (output, _) = await TestBed.ReadToEndAsync(stdio);
        var bundle = Bundle.Of(bed.Paths, container.Id, 1);
        return (Encoding.UTF8.GetString(output), await File.ReadAllTextAsync(bundle.Configuration));
    }
}
