using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Podsharp.Registry.Certificates;

/// <summary>How a registry proves to us who it is, and we to it.</summary>
internal static class TlsOptions
{
    /// <param name="host">Host without port: ours is shown to it only, wherever it may redirect to.</param>
    /// <param name="insecure">Anything goes.</param>
    /// <param name="wanted">Called when the host asks for a certificate of ours and there is none.</param>
    public static SslClientAuthenticationOptions For(string host, HostCertificates certificates, bool insecure, Action wanted) => new()
    {
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            insecure || errors == SslPolicyErrors.None || IsVouchedFor(certificate, chain, errors, certificates.Authorities),
        ClientCertificates = certificates.Clients,
        LocalCertificateSelectionCallback = (_, target, own, remote, issuers) =>
        {
            if (!string.Equals(target, host, StringComparison.OrdinalIgnoreCase)) return null!;
            if (own.Count > 0) return Choose(own, issuers);
            // Without the other's certificate it is the framework that asks, ahead of time.
            if (remote is not null) wanted();
            return null!;
        },
    };

    private static X509Certificate Choose(X509CertificateCollection own, string[] issuers) =>
        own.Cast<X509Certificate>().FirstOrDefault(certificate => issuers.Contains(certificate.Issuer)) ?? own[0];

    // The machine's authorities did not vouch for it; those of certs.d may. A wrong name stays wrong.
    private static bool IsVouchedFor(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (certificate is not X509Certificate2 leaf || errors != SslPolicyErrors.RemoteCertificateChainErrors || authorities.Count == 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        if (presented is not null) chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        // A server's own certificate among the authorities is trusted as such.
        return authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span)) || chain.Build(leaf);
    }
}
