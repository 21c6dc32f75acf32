using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Signatures;

namespace Podsharp.Registry.Tests.Signatures;

public sealed class SignedIdentityTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [TestCase("matchExact", "a.example/x:1", "a.example/x:1", true)]
    [TestCase("matchExact", "a.example/x:1", "a.example/x:2", false)]
    [TestCase("matchExact", "a.example/x:1", "a.example/x", false)]
    [TestCase("matchExact", "a.example/x@" + Digest, "a.example/x:1", false)]
    [TestCase("matchExact", "busybox", "docker.io/library/busybox:latest", true)]
    [TestCase("matchRepoDigestOrExact", "a.example/x:1", "a.example/x:1", true)]
    [TestCase("matchRepoDigestOrExact", "a.example/x:1", "a.example/x:2", false)]
    [TestCase("matchRepoDigestOrExact", "a.example/x:1", "a.example/x", false)]
    [TestCase("matchRepoDigestOrExact", "a.example/x@" + Digest, "a.example/x:2", true)]
    [TestCase("matchRepoDigestOrExact", "a.example/x:1@" + Digest, "a.example/x:2", true)]
    [TestCase("matchRepoDigestOrExact", "a.example/x@" + Digest, "a.example/y:2", false)]
    [TestCase("matchRepository", "a.example/x:1", "a.example/x:2", true)]
    [TestCase("matchRepository", "a.example/x:1", "a.example/x", true)]
    [TestCase("matchRepository", "a.example/x:1", "a.example/y:1", false)]
    [TestCase("matchRepository", "a.example/x:1", "not a name", false)]
    public void An_identity_of_the_image_s_own_name(string match, string asked, string signed, bool expected) =>
        Assert.That(Matches(new SignatureRequirement("signedBy", "") { IdentityMatch = match }, asked, signed), Is.EqualTo(expected));

    [TestCase("exactReference", "origin.example/x:1", "origin.example/x:1", true)]
    [TestCase("exactReference", "origin.example/x:1", "origin.example/x:2", false)]
    [TestCase("exactReference", "origin.example/x:1", "mirror.example/x:1", false)]
    [TestCase("exactRepository", "origin.example/x", "origin.example/x:7", true)]
    [TestCase("exactRepository", "origin.example/x", "mirror.example/x:1", false)]
    public void An_identity_given_by_the_policy(string match, string identity, string signed, bool expected) =>
        Assert.That(
            Matches(new SignatureRequirement("signedBy", "") { IdentityMatch = match, Identity = identity }, "mirror.example/x:1", signed), Is.EqualTo(expected));

    [TestCase("mirror.example/a", "mirror.example/a/x:1", "origin.example/x:1", true)]
    [TestCase("mirror.example/a", "mirror.example/a/x:1", "mirror.example/a/x:1", false)]
    [TestCase("mirror.example/a", "mirror.example/ab/x:1", "mirror.example/ab/x:1", true)]
    [TestCase("mirror.example/a/x", "mirror.example/a/x:1", "origin.example:1", false)]
    [TestCase("mirror.example/a", "mirror.example/a/x@" + Digest, "origin.example/x:9", true)]
    public void An_identity_below_another_prefix(string prefix, string asked, string signed, bool expected) =>
        Assert.That(
            Matches(new SignatureRequirement("signedBy", "") { IdentityMatch = "remapIdentity", Identity = prefix, SignedPrefix = "origin.example" }, asked, signed),
            Is.EqualTo(expected));

    private static bool Matches(SignatureRequirement requirement, string asked, string signed) =>
        SignedIdentity.Matches(requirement, ImageReference.Parse(asked), signed);
}
