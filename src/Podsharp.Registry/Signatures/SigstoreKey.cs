using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Podsharp.Core.Errors;

namespace Podsharp.Registry.Signatures;

/// <summary>A public key as sigstore's tools write it: PEM of a SubjectPublicKeyInfo, signing SHA-256.</summary>
internal static class SigstoreKey
{
    private const string Label = "PUBLIC KEY";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ed25519 = "1.3.101.112";

    /// <summary>Whether the key made the signature. InvalidInput when it is no key, NotSupported when it is of a kind that cannot be checked.</summary>
    public static bool HasSigned(byte[] pem, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        var information = Information(Encoding.UTF8.GetString(pem));
        try
        {
            switch (PublicKey.CreateFromSubjectPublicKeyInfo(information, out _).Oid.Value)
            {
                case EllipticCurve:
                    using (var key = ECDsa.Create())
                    {
                        key.ImportSubjectPublicKeyInfo(information, out _);
                        return key.VerifyData(payload, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
                    }

                case Rsa:
                    using (var key = RSA.Create())
                    {
                        key.ImportSubjectPublicKeyInfo(information, out _);
                        return key.VerifyData(payload, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                    }

                case Ed25519:
                    throw EngineException.NotSupported("a sigstore key that policy.json names is of type Ed25519, which is not supported: want ECDSA or RSA");
                case var other:
                    throw EngineException.NotSupported($"a sigstore key that policy.json names is of type {other}, which is not supported: want ECDSA or RSA");
            }
        }
        catch (CryptographicException failure)
        {
            throw EngineException.InvalidInput($"a sigstore key that policy.json names cannot be used: {failure.Message}");
        }
    }

    private static byte[] Information(string text)
    {
        if (!PemEncoding.TryFind(text, out var fields) || text[fields.Label] != Label)
            throw EngineException.InvalidInput($"a sigstore key that policy.json names is no PEM of a {Label}");
        return Convert.FromBase64String(text[fields.Base64Data]);
    }
}
