using NUnit.Framework;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class SeccompProfilesTests
{
    private const string Profile = """
        {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,
         "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]},{"architecture":"SCMP_ARCH_AARCH64"}],
         "syscalls":[
           {"names":["read"],"action":"SCMP_ACT_ALLOW","args":[],"includes":{},"excludes":{}},
           {"names":["arm_only"],"action":"SCMP_ACT_ALLOW","includes":{"arches":["arm64"]}},
           {"names":["mount"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}},
           {"names":["mount"],"action":"SCMP_ACT_ERRNO","errnoRet":1,"excludes":{"caps":["CAP_SYS_ADMIN"]}},
           {"names":["newer"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"99.0"}},
           {"names":["older"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"4.8"}}]}
        """;

    private static string[] Rules(params string[] capabilities) =>
        [.. SeccompProfiles.Parse(Profile, capabilities, new FakeHost().Facts).Syscalls!.Select(rule => rule.Names[0] + " " + rule.Action)];

    [Test]
    public void Keeps_the_rules_that_apply_here() =>
        Assert.That(Rules(), Is.EqualTo(new[] { "read SCMP_ACT_ALLOW", "mount SCMP_ACT_ERRNO", "older SCMP_ACT_ALLOW" }));

    [Test]
    public void A_capability_opens_its_calls() => Assert.That(Rules("CAP_SYS_ADMIN"), Does.Contain("mount SCMP_ACT_ALLOW"));

    [Test]
    public void Takes_the_machine_s_architectures() =>
        Assert.That(
            SeccompProfiles.Parse(Profile, [], new FakeHost().Facts).Architectures, Is.EqualTo(new[] { "SCMP_ARCH_X86_64", "SCMP_ARCH_X86" }));

    [TestCase("not json", "near line 1, byte 1")]
    [TestCase("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\n\"syscalls\":[{\"names\":7}]}", "near line 2, byte 22 (syscalls[0].names)")]
    public void Tells_where_a_profile_is_wrong_and_nothing_of_our_own_types(string text, string place) =>
        Assert.That(
            () => SeccompProfiles.Parse(text, [], new FakeHost().Facts),
            Throws.TypeOf<EngineException>().With.Message.EqualTo($"Decoding seccomp profile failed: it is no valid profile in JSON {place}"));

    [TestCase("not json")]
    [TestCase("{}")]
    public void Refuses_what_is_no_profile(string text) =>
        Assert.That(() => SeccompProfiles.Parse(text, [], new FakeHost().Facts), Throws.TypeOf<EngineException>().With.Message.Contains("seccomp profile"));
}
